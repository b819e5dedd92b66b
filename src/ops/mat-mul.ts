import { nativeOp } from '../runtime/op.js';
import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';

/**
 * The product of two matrices, [m, k] and [k, n]. tfjs takes TensorFlow's batched product, which is not fused with
 * a bias and an activation after it.
 */
export function matMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (!canFuse()) return tf.matMul(a, b);
  return differentiable({ a, b }, () => ({
    value: product(a, b),
    saved: { a, b },
    gradients: {
      a: (dy, saved) => product(dy, saved.b, { transpose_b: true }),
      b: (dy, saved) => product(saved.a, dy, { transpose_a: true }),
    },
  }));
}

function product(
  a: tf.Tensor,
  b: tf.Tensor,
  { transpose_a = false, transpose_b = false }: { transpose_a?: boolean; transpose_b?: boolean } = {},
): tf.Tensor {
  return nativeOp('MatMul', [a, b], { transpose_a, transpose_b })[0]!;
}
