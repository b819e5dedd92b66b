import { untracked } from '../ops/differentiable.js';
import * as ops from '../ops/elementwise.js';
import * as tf from '../tf.js';

/**
 * `x` where positive, else `alpha * (exp(x) - 1)`; alpha is 1 by default.
 *
 * Source: Clevert et al. 2016, https://arxiv.org/abs/1511.07289.
 */
export function elu(x: tf.Tensor, { alpha = 1 }: { alpha?: number } = {}): tf.Tensor {
  const y = ops.elu(x);
  return alpha === 1
    ? y
    : tf.where(
        untracked(() => x.greater(0)),
        y,
        y.mul(alpha),
      );
}

/**
 * `1.0507 * elu(x, alpha = 1.67326)`: keeps mean 0 and variance 1 from layer to layer, with lecunNormal weights.
 *
 * Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
 */
export function selu(x: tf.Tensor): tf.Tensor {
  return ops.selu(x);
}

/**
 * `max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)`: an elu with a continuous slope; alpha is 1 by default.
 *
 * Source: Barron 2017, https://arxiv.org/abs/1704.07483.
 */
export function celu(x: tf.Tensor, { alpha = 1 }: { alpha?: number } = {}): tf.Tensor {
  return x.maximum(0).add(x.minimum(0).div(alpha).expm1().mul(alpha));
}
