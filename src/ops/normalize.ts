import type * as tf from '../tf.js';
import { differentiable } from './differentiable.js';

/**
 * Brings the elements along some axes to mean 0 and variance 1: `(x - mean) / sqrt(variance + epsilon)`.
 *
 * @returns the result, and the mean and variance without a gradient, with sizes of 1 along the axes
 */
export function normalize(
  x: tf.Tensor,
  axes: number[],
  epsilon: number,
): [y: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor] {
  return differentiable({ x }, () => {
    const mean = x.mean(axes, true);
    const centered = x.sub(mean);
    const variance = centered.square().mean(axes, true);
    const inverse = variance.add(epsilon).rsqrt();
    const y = centered.mul(inverse);
    return {
      value: [y, mean, variance],
      saved: { y, inverse },
      gradients: {
        x(dy, saved) {
          const common = dy.mean(axes, true);
          const along = dy.mul(saved.y).mean(axes, true);
          return dy.sub(common).sub(saved.y.mul(along)).mul(saved.inverse);
        },
      },
    };
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
}
