import { CnnError } from './errors.js';

/** A tensor's shape, batch dimension first; null where a size is not known (the batch, as a rule). */
export type Shape = readonly (number | null)[];

/** A shape as people write it: `[null, 28, 28]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.map((size) => size ?? 'null').join(', ')}]`;
}

/** The product of the sizes. @throws CnnError SHAPE_MISMATCH when one is unknown */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((product, size) => {
    if (size === null) {
      throw new CnnError('SHAPE_MISMATCH', 'the shape has an unknown size', { received: formatShape(shape) });
    }
    return product * size;
  }, 1);
}

/** Whether a tensor of shape `actual` may go where `expected` is declared: null matches any size. */
export function isCompatible(actual: Shape, expected: Shape): boolean {
  return (
    actual.length === expected.length &&
    expected.every((size, i) => size === null || actual[i] === null || size === actual[i])
  );
}

/** Whether a tensor of shape `actual` may be the start of one of shape `whole` along each axis. */
export function isStart(actual: Shape, whole: Shape): boolean {
  return (
    actual.length === whole.length &&
    whole.every((size, i) => size === null || actual[i] === null || actual[i]! <= size)
  );
}

/** Sizes of as many parts of a whole, equal but for one. */
export function partSizes(whole: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, i) => Math.floor((whole + i) / parts));
}
