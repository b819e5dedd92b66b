import { CnnError } from '../errors.js';
import { areSeveral, type Box, boxAround, type Ink, type Mark, marksOf, withoutCrossing } from './marks.js';
import { type Paper, paperOf } from './paper.js';
import type { GrayPicture } from './picture-file.js';
import { type Contrast, contrastToPaper } from './shadow.js';

/** What {@link digitOf} takes beside the picture. */
export interface DigitOptions {
  /** Height and width of the result. Default: [28, 28]. */
  shape?: readonly [height: number, width: number];
  /** Which part of the height and of the width the digit fills at the most. Default: 20 / 28. */
  fill?: number;
  /** Whether more may be drawn: what looks like several digits is then taken as one. Default: false. */
  isUnfinished?: boolean;
  /** What messages call the picture. */
  name?: string;
}

/** What is more than so many times as wide as high is a line of digits: the widest of MNIST's 70,000 have 2.2. */
const WIDEST = 2.5;

/** Lines fainter than this part of the range from black to white are none, */
const LEAST_CONTRAST = 0.06;
/** nor are those in uneven light that are fainter than this, as rests of shadows are, or than so many times the noise. */
const LEAST_IN_SHADOW = 0.12;
const LEAST_OVER_NOISE = 4;

/** Noise of the paper, in standard deviations, that is taken for paper. */
const NOISE = 4;

/**
 * The digit in a picture, as those of MNIST were made: light ink on dark paper whatever the picture has, cut out,
 * scaled into a box of 20 x 20 without changing its proportions (each pixel the mean of what it covers), and put into
 * 28 x 28 so that its centre of mass is in the middle. For photographs, light that falls off across the paper and the
 * edges of shadows are taken out, as are noise and specks.
 *
 * @returns bytes, 0 (paper) to 255 (ink), row by row
 * @throws CnnError `DATA_INVALID` for a picture without ink, and for one of several digits, `SHAPE_MISMATCH` for data that is not width x height
 * @see http://yann.lecun.com/exdb/mnist/
 * @example const pixels = datasets.digitOf({ width: 280, height: 280, data: canvas });
 */
export function digitOf(picture: GrayPicture, options: DigitOptions = {}): Uint8Array {
  const { shape = [28, 28], fill = 20 / 28, isUnfinished = false, name = 'the picture' } = options;
  checkSize(picture, name);
  const found = digitIn(picture);
  if (found === undefined) throw noInk(name);
  const { ink, box, marks } = found;
  if (!isUnfinished && (box.width > WIDEST * box.height || areSeveral(marks))) {
    throw severalDigits(name, box, marks);
  }
  const [height, width] = shape;
  const scale = Math.min((height * fill) / box.height, (width * fill) / box.width);
  const small = shrink(ink, box, {
    width: Math.max(1, Math.round(box.width * scale)),
    height: Math.max(1, Math.round(box.height * scale)),
  });
  return centred(small, { width, height });
}

/** Ink, and where it is. */
interface Found {
  readonly ink: Ink;
  readonly marks: readonly Mark[];
  readonly box: Box;
}

/** The ink of a picture and its marks; undefined where nothing stands out. */
function digitIn(picture: GrayPicture): Found | undefined {
  const paper = paperOf(picture);
  const { data: contrast, noise } = paper.isEven ? differenceFrom(paper, picture) : contrastToPaper(picture);
  const [floor, full] = [NOISE * noise, fullInk(contrast)];
  const least = paper.isEven
    ? LEAST_CONTRAST * 255
    : Math.max(LEAST_IN_SHADOW * 255, LEAST_OVER_NOISE * noise);
  if (full - floor < least) return undefined;
  const { width, height } = picture;
  const data = contrast.map((value) => Math.min(1, Math.max(0, (value - floor) / (full - floor))));
  const ink = { width, height, data };
  const marks = paper.isEven ? marksOf(ink) : withoutCrossing(marksOf(ink), ink);
  return marks.length === 0 ? undefined : { ink, marks, box: boxAround(marks) };
}

/** How far pixels are from paper that is a plane, on the side on which the ink is. */
function differenceFrom(paper: Paper, { width, data }: GrayPicture): Contrast {
  // Noise is on both sides alike; cubes let ink, which is far from the paper, decide.
  let lightness = 0;
  const difference = Float32Array.from(data, (value, i) => {
    const distance = value - paper.at(i % width, Math.floor(i / width));
    lightness += distance ** 3;
    return distance;
  });
  const sign = lightness < 0 ? -1 : 1;
  return { data: difference.map((distance) => sign * distance), noise: paper.noise };
}

/** How much full ink is: what three quarters of all that is beyond half of the most do not reach. */
function fullInk(data: Float32Array): number {
  let most = 0;
  for (const value of data) most = Math.max(most, value);
  const strong = data.filter((value) => value > most / 2).sort();
  return strong[Math.floor(strong.length * 0.75)] ?? 0;
}

/** The box of a picture in another size: each new pixel is the mean of what it covers. */
function shrink(ink: Ink, box: Box, { width, height }: { width: number; height: number }): Ink {
  const columns = coverage(box.left, box.width, width);
  const rows = coverage(box.top, box.height, height);
  const data = new Float32Array(width * height);
  for (const [y, covered] of rows.entries()) {
    for (const [x, across] of columns.entries()) {
      let sum = 0;
      for (const [row, high] of covered) {
        for (const [column, wide] of across) sum += high * wide * ink.data[row * ink.width + column]!;
      }
      data[y * width + x] = sum;
    }
  }
  return { width, height, data };
}

/** For each of `count` equal parts of a stretch of pixels, which pixels it covers, and how much of the part each is. */
function coverage(start: number, length: number, count: number): [pixel: number, share: number][][] {
  const size = length / count;
  return Array.from({ length: count }, (_, part) => {
    const [from, to] = [part * size, (part + 1) * size];
    const first = Math.floor(from);
    const pixels = Array.from({ length: Math.ceil(to - 1e-9) - first }, (_, i) => first + i);
    return pixels.map((pixel) => [start + pixel, (Math.min(to, pixel + 1) - Math.max(from, pixel)) / size]);
  });
}

/** Bytes of a picture of another size, with the centre of mass in the middle, as far as all of it stays inside. */
function centred(ink: Ink, { width, height }: { width: number; height: number }): Uint8Array {
  let [mass, massX, massY, most] = [0, 0, 0, 0];
  for (const [i, value] of ink.data.entries()) {
    mass += value;
    massX += value * ((i % ink.width) + 0.5);
    massY += value * (Math.floor(i / ink.width) + 0.5);
    most = Math.max(most, value);
  }
  // The middle of MNIST's 28 pixels is that of the pixel after the 14th.
  const place = (middle: number, own: number, whole: number) =>
    Math.min(whole - own, Math.max(0, Math.round(whole / 2 + 0.5 - middle)));
  const left = place(massX / mass, ink.width, width);
  const top = place(massY / mass, ink.height, height);
  const bytes = new Uint8Array(width * height);
  for (const [i, value] of ink.data.entries()) {
    // Thin lines fade when they shrink; in MNIST the darkest ink is black.
    bytes[(top + Math.floor(i / ink.width)) * width + left + (i % ink.width)] = Math.round(
      (255 * value) / most,
    );
  }
  return bytes;
}

function checkSize({ width, height, data }: GrayPicture, name: string): void {
  if (width > 0 && width * height === data.length) return;
  throw new CnnError('SHAPE_MISMATCH', `these are not the pixels of ${name}`, {
    file: name,
    expected: `${width} x ${height} bytes`,
    received: String(data.length),
  });
}

function severalDigits(name: string, { width, height }: Box, marks: readonly Mark[]): CnnError {
  return new CnnError('DATA_INVALID', `${name} holds more than one digit, or none`, {
    file: name,
    expected: `the marks of one digit, at most ${WIDEST} times as wide as high`,
    received: `${marks.length} marks in ${width} x ${height} pixels`,
    hint: 'Give each digit a picture of its own.',
  });
}

function noInk(name: string): CnnError {
  return new CnnError('DATA_INVALID', `${name} shows no digit`, {
    file: name,
    expected: 'a digit, dark on light or light on dark',
    received: 'nothing that stands out',
  });
}
