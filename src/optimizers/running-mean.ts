import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';

/** Moves a running mean by a share of the way to a value, and returns where it is then. Traced. */
export function moveTowards(mean: Variable, value: tf.Tensor, share: number): tf.Tensor {
  const old = mean.read();
  const moved = old.add(value.sub(old).mul(share));
  mean.assign(moved);
  return moved;
}
