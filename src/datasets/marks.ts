/** Amounts of ink, 0 to 1, row by row. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A part of a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fainter ink than this part of full ink is none. */
const VISIBLE = 0.1;

/** A mark with less than this part of the largest one's ink is a speck. */
const SPECK = 0.05;

/** What has less ink than this, in full pixels, or in a part of all pixels, is no mark at all. */
const LEAST_PIXELS = 4;
const LEAST_SHARE = 1e-4;

/** Pixels with ink that touch, at edges or corners. */
interface Mark {
  ink: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The box around all marks of a picture but specks; undefined where there is no mark. */
export function marksBox(picture: Ink): Box | undefined {
  const all = marksOf(picture);
  const largest = all.reduce((most, { ink }) => Math.max(most, ink), 0);
  if (largest < Math.max(LEAST_PIXELS, LEAST_SHARE * picture.data.length)) return undefined;
  const marks = all.filter(({ ink }) => ink >= SPECK * largest);
  const left = Math.min(...marks.map((mark) => mark.left));
  const top = Math.min(...marks.map((mark) => mark.top));
  return {
    left,
    top,
    width: Math.max(...marks.map((mark) => mark.right)) + 1 - left,
    height: Math.max(...marks.map((mark) => mark.bottom)) + 1 - top,
  };
}

function marksOf({ width, height, data }: Ink): Mark[] {
  const isSeen = Uint8Array.from(data, (value) => Number(value < VISIBLE));
  const marks: Mark[] = [];
  const open: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (isSeen[start]) continue;
    const mark = { ink: 0, left: width, top: height, right: 0, bottom: 0 };
    marks.push(mark);
    isSeen[start] = 1;
    open.push(start);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      mark.ink += data[at]!;
      mark.left = Math.min(mark.left, x);
      mark.top = Math.min(mark.top, y);
      mark.right = Math.max(mark.right, x);
      mark.bottom = Math.max(mark.bottom, y);
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (isSeen[next]) continue;
          isSeen[next] = 1;
          open.push(next);
        }
      }
    }
  }
  return marks;
}
