import type { Pair } from '../ops/conv2d-kernels.js';
import { type Padding, placesOf, reachOf } from '../ops/window.js';
import { type OptionKind, oneOf, orElse, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';

/** One number for both axes, or one for each: [height, width]. */
export type PairOption = number | readonly [height: number, width: number];

/** A pair of whole numbers, of `minimum` at the least. */
export function pairOf(minimum: number): OptionKind<Pair> {
  const one = wholeNumber(minimum);
  return {
    expected: `${one.expected}, or two of them [height, width]`,
    read(value, refuse) {
      const pair: unknown[] = Array.isArray(value) ? value : [value, value];
      if (pair.length !== 2) refuse();
      return [one.read(pair[0], refuse), one.read(pair[1], refuse)];
    },
    write: (value) => [...value],
  };
}

export const pair = pairOf(1);

/** Default: `'valid'`. */
export const padding: OptionKind<Padding> = orElse(oneOf('valid', 'same'), 'valid');

/** What a layer of images takes, for messages. */
export const IMAGES = '[batch, height, width, channels]';

/** A window on images. */
export interface ImageWindow {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilationRate?: Pair;
}

/**
 * The shape of images after a window has gone over them.
 *
 * @param channels of the output
 * @param refuse makes the error for a shape that does not do
 */
export function slide(
  inputShape: Shape,
  { size, strides, padding: pad, dilationRate = [1, 1] }: ImageWindow,
  channels: number | null,
  refuse: (problem: string, expected: string) => Error,
): Shape {
  if (inputShape.length !== 4) throw refuse('takes images', IMAGES);
  const [rows, columns] = ([0, 1] as const).map((i) =>
    placesOf(inputShape[i + 1]!, { size: size[i], stride: strides[i], dilation: dilationRate[i] }, pad),
  );
  if (rows === 0 || columns === 0)
    throw refuse('has a window that does not fit in', `images of ${size} or more`);
  return [inputShape[0]!, rows!, columns!, channels];
}

/** The start of images that a window sees from the start of its output. */
export function seenBy(
  { size, strides, padding: pad, dilationRate = [1, 1] }: ImageWindow,
  output: Shape,
  input: Shape,
): Shape {
  if (pad === 'same') return input;
  const [rows, columns] = ([0, 1] as const).map((i) =>
    reachOf(output[i + 1]!, { size: size[i], stride: strides[i], dilation: dilationRate[i] }),
  );
  return [input[0]!, rows!, columns!, input[3]!];
}

/** The number of channels of images. */
export function channelsOf(inputShape: Shape, refuse: (problem: string, expected: string) => Error): number {
  const channels = inputShape[3] ?? null;
  if (inputShape.length === 4 && channels !== null) return channels;
  throw refuse('takes images', `${IMAGES} with known channels`);
}

/** Refuses a dilation together with strides, of which Keras has no convolution. */
export function checkSteps(
  { strides, dilationRate }: { readonly strides: Pair; readonly dilationRate: Pair },
  refuse: (option: string, expected: string, received: unknown) => Error,
): void {
  if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1) {
    throw refuse('dilationRate', '1, as strides are more than 1', dilationRate);
  }
}
