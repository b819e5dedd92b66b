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

/** Pixels with ink that touch, at edges or corners; the box around them, and how much ink they have. */
export interface Mark {
  ink: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A mark that is as high as this part of the picture can be a digit. */
const DIGIT = 0.15;

/** Digits that fall apart have two marks or three. */
const MOST_MARKS = 4;

/** Two marks beside each other, both of them this part of the whole height or more, are two digits (9 of MNIST's 60,000 fall apart so). */
const BESIDE = 0.6;
/** The same of two marks, one below the other (16 of them). */
const BELOW = 0.35;

/** The marks of a picture but specks; none where there is too little ink. */
export function marksOf(picture: Ink): Mark[] {
  const all = connected(picture);
  const largest = all.reduce((most, { ink }) => Math.max(most, ink), 0);
  if (largest < Math.max(LEAST_PIXELS, LEAST_SHARE * picture.data.length)) return [];
  return all.filter(({ ink }) => ink >= SPECK * largest);
}

/** Without what comes in over the edges of the picture (rests of shadows, a table, other writing), if a digit is left. */
export function withoutCrossing(marks: readonly Mark[], { width, height }: Ink): readonly Mark[] {
  const inside = marks.filter(
    ({ left, top, right, bottom }) => left > 0 && top > 0 && right < width - 1 && bottom < height - 1,
  );
  const isDigit = ({ top, bottom }: Mark) => bottom + 1 - top >= DIGIT * height;
  return inside.some(isDigit) ? inside : marks;
}

/** The box around some marks. */
export function boxAround(marks: readonly Mark[]): Box {
  const left = Math.min(...marks.map((mark) => mark.left));
  const top = Math.min(...marks.map((mark) => mark.top));
  return {
    left,
    top,
    width: Math.max(...marks.map((mark) => mark.right)) + 1 - left,
    height: Math.max(...marks.map((mark) => mark.bottom)) + 1 - top,
  };
}

/** Whether there are many marks, or they stand beside or below each other as separate digits do, not as parts of one. */
export function areSeveral(marks: readonly Mark[]): boolean {
  if (marks.length > MOST_MARKS) return true;
  const { height } = boxAround(marks);
  return marks.some((one, i) =>
    marks.slice(0, i).some((other) => {
      const lower = Math.min(one.bottom - one.top, other.bottom - other.top) + 1;
      const isBeside = one.left > other.right || other.left > one.right;
      const isBelow = one.top > other.bottom || other.top > one.bottom;
      return (isBeside && lower >= BESIDE * height) || (isBelow && lower >= BELOW * height);
    }),
  );
}

function connected({ width, height, data }: Ink): Mark[] {
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
