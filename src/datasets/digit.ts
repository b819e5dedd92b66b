import { CnnError } from '../errors.js';
import { type Box, type Ink, marksBox } from './marks.js';
import { paperOf } from './paper.js';
import type { GrayPicture } from './picture-file.js';

/** What {@link digitOf} takes beside the picture. */
export interface DigitOptions {
  /** Height and width of the result. Default: [28, 28]. */
  shape?: readonly [height: number, width: number];
  /** Which part of the height and of the width the digit fills at the most. Default: 20 / 28. */
  fill?: number;
  /**
   * What is more than so many times as wide as high is a line of digits. Default: 2.5, as the widest of MNIST's 70,000
   * digits have 2.2; Infinity for drawings that are not finished.
   */
  widest?: number;
  /** What messages call the picture. */
  name?: string;
}

/** Lines fainter than this part of the range from black to white are none. */
const LEAST_CONTRAST = 0.06;

/** Noise of the paper, in standard deviations, that is taken for paper. */
const NOISE = 4;

/**
 * The digit in a picture, as those of MNIST were made: light ink on dark paper whatever the picture has, cut out,
 * scaled into a box of 20 x 20 without changing its proportions (each pixel the mean of what it covers), and put into
 * 28 x 28 so that its centre of mass is in the middle. For photographs, light that falls off across the paper is taken
 * out, as are noise and specks.
 *
 * @returns bytes, 0 (paper) to 255 (ink), row by row
 * @throws CnnError `DATA_INVALID` for a picture without ink, or so wide that there are several digits, `SHAPE_MISMATCH` for data that is not width x height
 * @see http://yann.lecun.com/exdb/mnist/
 * @example const pixels = datasets.digitOf({ width: 280, height: 280, data: canvas });
 */
export function digitOf(picture: GrayPicture, options: DigitOptions = {}): Uint8Array {
  const { shape = [28, 28], fill = 20 / 28, widest = 2.5, name = 'the picture' } = options;
  checkSize(picture, name);
  const ink = inkOf(picture, name);
  const box = marksBox(ink);
  if (box === undefined) throw noInk(name);
  if (box.width > widest * box.height) throw severalDigits(name, box, widest);
  const [height, width] = shape;
  const scale = Math.min((height * fill) / box.height, (width * fill) / box.width);
  const small = shrink(ink, box, {
    width: Math.max(1, Math.round(box.width * scale)),
    height: Math.max(1, Math.round(box.height * scale)),
  });
  return centred(small, { width, height });
}

function inkOf(picture: GrayPicture, name: string): Ink {
  const { width, height } = picture;
  const paper = paperOf(picture);
  const data = new Float32Array(picture.data.length);
  // Noise is on both sides alike; cubes let ink, which is far from the paper, decide.
  let lightness = 0;
  for (let i = 0; i < data.length; i++) {
    const difference = picture.data[i]! - paper.at(i % width, Math.floor(i / width));
    data[i] = difference;
    lightness += difference * difference * difference;
  }
  const sign = lightness < 0 ? -1 : 1;
  for (let i = 0; i < data.length; i++) data[i]! *= sign;
  const [floor, full] = [NOISE * paper.noise, fullInk(data)];
  if (full - floor < LEAST_CONTRAST * 255) throw noInk(name);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(1, Math.max(0, (data[i]! - floor) / (full - floor)));
  }
  return { width, height, data };
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

function severalDigits(name: string, { width, height }: Box, widest: number): CnnError {
  return new CnnError('DATA_INVALID', `${name} holds more than one digit, or none`, {
    file: name,
    expected: `marks at most ${widest} times as wide as high`,
    received: `${width} x ${height} pixels`,
    hint: 'Give each digit a picture of its own.',
  });
}

function noInk(name: string): CnnError {
  return new CnnError('DATA_INVALID', `${name} is empty`, {
    file: name,
    expected: 'a digit, dark on light or light on dark',
    received: 'nothing that stands out',
  });
}
