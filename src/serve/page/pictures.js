/** Width of a sheet of pictures on the page at the most, in CSS pixels, and pictures in a row of it. */
const SHEET = 512;
const MOST_ACROSS = 16;

/** The line between pictures, in their pixels. */
const LINE = 1;

/** The colours of -1, 0 and 1, as the page's style has them. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  return ['--minus', '--zero', '--plus', '--line'].map((name) => rgb(style.getPropertyValue(name).trim()));
}

function rgb(hex) {
  const digits =
    hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g);
  return digits.map((digit) => Number.parseInt(digit, 16));
}

/**
 * Draws pictures of signed bytes side by side.
 *
 * @param canvas gets the size that is needed
 * @param pictures `{ width, height, count, bytes }`, bytes in base64
 * @param palette of `colours()`
 * @param scale size of a pixel on the page, in CSS pixels
 */
export function drawPictures(canvas, { width, height, count, bytes }, palette, scale) {
  const values = Int8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  const [cellWidth, cellHeight] = [width + LINE, height + LINE];
  const across = acrossOf(count, Math.floor(SHEET / (cellWidth * scale)));
  canvas.width = across * cellWidth - LINE;
  canvas.height = Math.ceil(count / across) * cellHeight - LINE;
  canvas.style.width = `${canvas.width * scale}px`;
  const context = canvas.getContext('2d');
  context.fillStyle = `rgb(${palette[3]})`;
  const picture = new ImageData(width, height);
  for (let i = 0; i < count; i++) {
    const left = (i % across) * cellWidth;
    const top = Math.floor(i / across) * cellHeight;
    for (let k = 0; k < width * height; k++) {
      paint(picture.data, 4 * k, values[i * width * height + k] / 127, palette);
    }
    context.fillRect(left, top, cellWidth, cellHeight);
    context.putImageData(picture, left, top);
  }
}

/** How many stand in a row: as many as fit so that no row is shorter, or where that is impossible, nearly as wide as high. */
function acrossOf(count, fitting) {
  const most = Math.max(1, Math.min(count, fitting, MOST_ACROSS));
  for (let across = most; across ** 2 >= count; across--) if (count % across === 0) return across;
  return Math.min(most, Math.ceil(Math.sqrt(count)));
}

function paint(data, at, value, [minus, zero, plus]) {
  const end = value < 0 ? minus : plus;
  const share = Math.abs(value);
  for (let channel = 0; channel < 3; channel++) {
    data[at + channel] = Math.round(zero[channel] + share * (end[channel] - zero[channel]));
  }
  data[at + 3] = 255;
}
