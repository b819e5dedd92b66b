import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';
import { currentProduct } from './precision.js';

/**
 * The product of two matrices, [m, k] and [k, n]. tfjs takes TensorFlow's batched product, which is not fused with
 * a bias and an activation after it.
 */
export function matMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (!canFuse()) return tf.matMul(a, b);
  const product = currentProduct();
  const multiply = (left: tf.Tensor, right: tf.Tensor, transpose_a = false, transpose_b = false) =>
    product('MatMul', [left, right], { transpose_a, transpose_b });
  return differentiable({ a, b }, () => ({
    value: multiply(a, b),
    saved: { a, b },
    gradients: {
      a: (dy, saved) => multiply(dy, saved.b, false, true),
      b: (dy, saved) => multiply(saved.a, dy, true, false),
    },
  }));
}
