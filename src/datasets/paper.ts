import type { GrayPicture } from './picture-file.js';
import { deviationOf, median } from './robust.js';

/** How light the paper is, as a plane over the picture, since light falls off to one side. */
export interface Paper {
  /** Its gray at a pixel, 0 to 255. */
  at(x: number, y: number): number;
  /** Standard deviation of the noise on it. */
  readonly noise: number;
  /** Whether the plane is what is seen along the edges, and ink on one side of it; if not, there are shadows or spots of light. */
  readonly isEven: boolean;
}

/** The paper is seen in a frame along the edges, this part of the shorter side wide. */
const FRAME = 0.04;

/** What differs more than this from the paper, in standard deviations or in grays, is ink. */
const INK_DEVIATIONS = 3;
const INK_GRAYS = 6;

/** Along the edges, this part at least has to be paper, */
const EVEN_SHARE = 0.9;
/** and its noise at most so many times that between neighbours, or a few grays more. */
const EVEN_NOISE = 3;
const EVEN_GRAYS = 3;

/** Ink is either darker than the paper or lighter: less than this part of the picture is on the other side. */
const LEAST_SHARE = 0.01;

type Pixel = readonly [x: number, y: number, value: number];

/** Where ink crosses the edges, it is left out step by step, as long as most of the frame is paper. */
export function paperOf(picture: GrayPicture): Paper {
  const frame = frameOf(picture);
  const level = median(frame.map(([, , value]) => value));
  let [at, noise, blank]: [Paper['at'], number, Pixel[]] = [() => level, 0, frame];
  for (let round = 0; round < 4; round++) {
    const distances = frame.map(([x, y, value]) => Math.abs(value - at(x, y)));
    noise = deviationOf(distances);
    blank = frame.filter((_, i) => distances[i]! <= farthest(noise));
    at = plane(blank);
  }
  const isEven =
    blank.length >= EVEN_SHARE * frame.length &&
    noise <= EVEN_NOISE * grainOf(frame) + EVEN_GRAYS &&
    sharesBeyond(picture, at, farthest(noise)).some((share) => share < LEAST_SHARE);
  return { at, noise, isEven };
}

/** How far from the paper its own grays are. */
function farthest(noise: number): number {
  return Math.max(INK_DEVIATIONS * noise, INK_GRAYS);
}

/** The parts of the picture that are darker and lighter than the paper by more than a distance. */
function sharesBeyond({ width, data }: GrayPicture, at: Paper['at'], distance: number): [number, number] {
  let [darker, lighter] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const difference = data[i]! - at(i % width, Math.floor(i / width));
    if (difference < -distance) darker++;
    if (difference > distance) lighter++;
  }
  return [darker / data.length, lighter / data.length];
}

/** The noise between neighbours, which light and shadow hardly change. */
function grainOf(frame: readonly Pixel[]): number {
  const steps = frame.slice(1).map(([, , value], i) => Math.abs(value - frame[i]![2]));
  return steps.length === 0 ? 0 : deviationOf(steps) / Math.SQRT2;
}

function frameOf({ width, height, data }: GrayPicture): Pixel[] {
  const thickness = Math.max(1, Math.round(FRAME * Math.min(width, height)));
  const frame: Pixel[] = [];
  for (let y = 0; y < height; y++) {
    const isEdge = y < thickness || y >= height - thickness;
    for (let x = 0; x < width; x++) {
      if (isEdge || x < thickness || x >= width - thickness) frame.push([x, y, data[y * width + x]!]);
    }
  }
  return frame;
}

/** The plane with the least squared differences from some pixels. */
function plane(pixels: readonly Pixel[]): Paper['at'] {
  const mean = (of: (pixel: Pixel) => number) =>
    pixels.reduce((sum, pixel) => sum + of(pixel), 0) / pixels.length;
  const [mx, my, mv] = [mean(([x]) => x), mean(([, y]) => y), mean(([, , value]) => value)];
  const xx = mean(([x]) => (x - mx) ** 2);
  const yy = mean(([, y]) => (y - my) ** 2);
  const xy = mean(([x, y]) => (x - mx) * (y - my));
  const xv = mean(([x, , value]) => (x - mx) * (value - mv));
  const yv = mean(([, y, value]) => (y - my) * (value - mv));
  const determinant = xx * yy - xy * xy;
  // All on one line, as in a picture one pixel wide: no slope can be told.
  if (determinant < 1e-6) return () => mv;
  const [a, b] = [(xv * yy - yv * xy) / determinant, (yv * xx - xv * xy) / determinant];
  return (x, y) => mv + a * (x - mx) + b * (y - my);
}
