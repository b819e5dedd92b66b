import { isCompatible, type Shape } from '../shape.js';
import type * as tf from '../tf.js';

/** The start of a batch along each axis but the first, `start[axis]` long or as long as there is. */
export function startOf(batch: tf.Tensor, start: Shape): tf.Tensor {
  const size = batch.shape.map((extent, axis) => (axis === 0 ? extent : Math.min(extent, start[axis]!)));
  if (isCompatible(batch.shape, size)) return batch;
  const origin = size.map(() => 0);
  return batch.slice(origin, size);
}
