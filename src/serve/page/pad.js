/** Width of the pen, of 280: as thick as MNIST's lines are of their digits. */
const PEN = 20;

/** How much of its width the lightest touch of a pen that feels pressure draws. */
const LIGHTEST = 0.5;

/** A canvas to draw on with mouse, finger or pen: dark ink on white. */
export class Pad {
  /**
   * @param canvas square
   * @param onChange is told whenever the drawing is another one
   */
  constructor(canvas, onChange) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { willReadFrequently: true });
    this.onChange = onChange;
    this.pointer = undefined;
    this.clear();
    canvas.addEventListener('pointerdown', (event) => this.begin(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === this.pointer) this.pointer = undefined;
      });
    }
  }

  clear() {
    const { context, canvas } = this;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.isEmpty = true;
    this.onChange();
  }

  /** The drawing as bytes, a gray each. */
  bytes() {
    const { width, height } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    // It is all gray, so one of four bytes tells.
    return Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]);
  }

  begin(event) {
    if (this.pointer !== undefined || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    // A dot, where the pointer does not move.
    this.line(event, this.last);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    // Between two frames a pointer goes through several places.
    const places = event.getCoalescedEvents?.() ?? [];
    for (const each of places.length > 0 ? places : [event]) this.line(event, this.place(each));
  }

  line(event, to) {
    const { context } = this;
    const pressure = event.pointerType === 'pen' ? LIGHTEST + (1 - LIGHTEST) * event.pressure : 1;
    context.lineWidth = PEN * pressure;
    context.lineCap = 'round';
    context.strokeStyle = '#000';
    context.beginPath();
    context.moveTo(this.last.x, this.last.y);
    // Of a line without length browsers may draw nothing.
    context.lineTo(to.x + 0.01, to.y);
    context.stroke();
    this.last = to;
    this.isEmpty = false;
    this.onChange();
  }

  place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: ((clientX - left) / width) * this.canvas.width,
      y: ((clientY - top) / height) * this.canvas.height,
    };
  }
}
