import type { Pair } from '../ops/conv2d.js';
import { type Padding, placesOf, type Window } from '../ops/window.js';
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

/** The shape of images after windows have gone over them; undefined where a window does not fit in. */
export function slide(
  [batch = null, height = null, width = null]: Shape,
  windows: readonly [Window, Window],
  pad: Padding,
  channels: number | null,
): Shape | undefined {
  const rows = placesOf(height, windows[0], pad);
  const columns = placesOf(width, windows[1], pad);
  return rows === 0 || columns === 0 ? undefined : [batch, rows, columns, channels];
}

/** What a layer of images takes, for messages. */
export const IMAGES = '[batch, height, width, channels]';
