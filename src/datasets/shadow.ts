import type { GrayPicture } from './picture-file.js';
import { deviationOf, median } from './robust.js';

/** Lines of ink are thinner than this part of the picture's shorter side. */
const THICKEST = 0.35;

type Most = (a: number, b: number) => number;

/** How far each pixel is from paper that shadows cross. */
export interface Contrast {
  /** More is more ink; around 0 on the paper. */
  readonly data: Float32Array;
  /** Standard deviation of the noise of the paper. */
  readonly noise: number;
}

/**
 * Ink on paper on which light and shadow have edges. What is left of the picture when all that is darker than its
 * surroundings, and thinner than ink can be, is filled (a morphological closing; an opening, for light ink), is the
 * paper: a shadow's edge stays where it is.
 */
export function contrastToPaper(picture: GrayPicture): Contrast {
  const reach = Math.max(1, Math.round((THICKEST / 2) * Math.min(picture.width, picture.height)));
  const padded = pad(picture, reach);
  const lightest = extremes(padded, reach, Math.max);
  const darkest = extremes(padded, reach, Math.min);
  const isDark = isLightAround(padded.data, lightest.data, darkest.data);
  const filled = isDark ? extremes(lightest, reach, Math.min) : extremes(darkest, reach, Math.max);
  const paper = cut(filled, reach);
  const data = Float32Array.from(picture.data, (value, i) =>
    isDark ? paper[i]! - value : value - paper[i]!,
  );
  const usual = median(data);
  const noise = deviationOf(data.map((value) => Math.abs(value - usual)));
  return { data: data.map((value) => value - usual), noise };
}

/** Whether, where contrast is large, most pixels are rather light: paper takes more room than ink, even around it. */
function isLightAround(data: Uint8Array, lightest: Uint8Array, darkest: Uint8Array): boolean {
  const most = data.reduce((largest, _, i) => Math.max(largest, lightest[i]! - darkest[i]!), 0);
  let lightness = 0;
  for (let i = 0; i < data.length; i++) {
    const [high, low] = [lightest[i]!, darkest[i]!];
    if (high - low > most / 2) lightness += 2 * data[i]! - high - low;
  }
  return lightness > 0;
}

/** Beyond its edges the picture goes on as it is there. */
function pad({ width, height, data }: GrayPicture, by: number): GrayPicture {
  const wide = { width: width + 2 * by, height: height + 2 * by };
  const padded = new Uint8Array(wide.width * wide.height);
  const within = (at: number, length: number) => Math.min(length - 1, Math.max(0, at - by));
  for (let y = 0; y < wide.height; y++) {
    for (let x = 0; x < wide.width; x++) {
      padded[y * wide.width + x] = data[within(y, height) * width + within(x, width)]!;
    }
  }
  return { ...wide, data: padded };
}

/** What `pad` began with. */
function cut({ width, height, data }: GrayPicture, by: number): Uint8Array {
  const inner = width - 2 * by;
  const result = new Uint8Array(inner * (height - 2 * by));
  for (let at = 0; at < result.length; at += inner) {
    const start = (at / inner + by) * width + by;
    result.set(data.subarray(start, start + inner), at);
  }
  return result;
}

/** The lightest, or the darkest, pixel of the square around each: along the rows, then along the columns. */
function extremes({ width, height, data }: GrayPicture, reach: number, most: Most): GrayPicture {
  const along = new Uint8Array(data.length);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) slide(data, along, y * width, 1, width, reach, most);
  for (let x = 0; x < width; x++) slide(along, result, x, width, height, reach, most);
  return { width, height, data: result };
}

/** Van Herk's method: two passes over a line, forwards and backwards in pieces of the window's length. */
function slide(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  length: number,
  reach: number,
  most: Most,
): void {
  const window = 2 * reach + 1;
  const forwards = new Uint8Array(length);
  const backwards = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const value = from[start + i * step]!;
    forwards[i] = i % window === 0 ? value : most(forwards[i - 1]!, value);
  }
  for (let i = length - 1; i >= 0; i--) {
    const value = from[start + i * step]!;
    backwards[i] = i === length - 1 || (i + 1) % window === 0 ? value : most(backwards[i + 1]!, value);
  }
  for (let i = 0; i < length; i++) {
    const [first, last] = [Math.max(0, i - reach), Math.min(length - 1, i + reach)];
    to[start + i * step] = most(backwards[first]!, forwards[last]!);
  }
}
