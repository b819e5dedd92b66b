import type * as tf from '../tf.js';
import { differentiable } from './differentiable.js';

/**
 * The maximum over some axes. Where several elements are it, they share the gradient evenly, as in TensorFlow (in
 * tfjs each gets all of it).
 */
export function maxOver(x: tf.Tensor, axes: number[], keepDims = false): tf.Tensor {
  const spread = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const y = differentiable({ x }, () => {
    const value = x.max(axes, true);
    return {
      value,
      saved: { x, value },
      gradients: {
        x(dy, saved) {
          const isMaximum = saved.x.equal(saved.value).toFloat();
          return dy.div(isMaximum.sum(axes, true)).mul(isMaximum);
        },
      },
    };
  });
  return keepDims ? y : y.reshape(spread.filter((_, axis) => !axes.includes(axis)));
}
