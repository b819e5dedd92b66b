import type { Column } from '../datasets/column.js';
import { CnnError } from '../errors.js';
import { formatShape, sizeOf } from '../shape.js';
import { type Image, image } from './image.js';

/** Height, width and channels of a sample that is a picture; undefined for one that is not. */
export function pictureShape(
  shape: readonly number[],
): [height: number, width: number, channels: 1 | 3] | undefined {
  const [height, width, channels = 1] = shape;
  const isPicture = shape.length === 2 || (shape.length === 3 && (channels === 1 || channels === 3));
  if (isPicture) return [height!, width!, channels as 1 | 3];
  // Flat rows of a square, as MNIST has them with `flatten`.
  const side = Math.sqrt(shape[0]!);
  return shape.length === 1 && Number.isInteger(side) && side > 1 ? [side, side, 1] : undefined;
}

/**
 * Sample `i` of a data set as a picture.
 *
 * @param column bytes, or numbers from 0 to 1 (after scaling)
 * @param i which, from 0
 * @param options how
 * @param options.inverted dark on light, as ink is (matplotlib's gray_r): 255 minus each byte
 * @throws CnnError SHAPE_MISMATCH for samples that are no pictures
 */
export function samplePicture(column: Column, i: number, { inverted = false } = {}): Image {
  const shape = pictureShape(column.shape);
  if (shape === undefined) {
    throw new CnnError('SHAPE_MISMATCH', 'these samples are no pictures', {
      expected: '[height, width] or [height, width, 1 or 3]',
      received: formatShape(column.shape),
    });
  }
  const size = sizeOf(column.shape);
  const values = column.data.subarray(i * size, (i + 1) * size);
  // To bytes: scaled to 0 to 1, then times 255.
  const factor = column.data instanceof Uint8Array ? 1 : 255 * (column.scale ?? 1);
  const pixels = Uint8Array.from(values, (value) => {
    const byte = Math.min(255, Math.max(0, Math.round(value * factor)));
    return inverted ? 255 - byte : byte;
  });
  const [height, width, channels] = shape;
  return image(width, height, channels, pixels);
}
