import { CnnError } from '../errors.js';
import { formatShape } from '../shape.js';
import type * as tf from '../tf.js';

/**
 * Sample weights as a factor of values: float32, with axes of size 1 added, or taken away, at the end.
 *
 * @param owner whose values they are, for messages
 * @param weights a weight for each sample, or for each value
 * @throws CnnError SHAPE_MISMATCH
 */
export function weightsFor(owner: string, values: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const { shape } = values;
  const sizes = weights.shape.slice(0, shape.length);
  const rest = weights.shape.slice(shape.length);
  const fits = sizes.every((size, i) => size === shape[i] || (i > 0 && size === 1));
  if (!fits || rest.some((size) => size !== 1)) {
    throw new CnnError('SHAPE_MISMATCH', `${owner}: the sample weights do not fit`, {
      expected: `a weight for each sample, of shape [${shape[0] ?? ''}] or ${formatShape(shape)}`,
      received: formatShape(weights.shape),
    });
  }
  return weights.toFloat().reshape([...sizes, ...shape.slice(sizes.length).map(() => 1)]);
}
