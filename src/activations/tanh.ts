import * as ops from '../ops/elementwise.js';
import type * as tf from '../tf.js';

/** The hyperbolic tangent. */
export function tanh(x: tf.Tensor): tf.Tensor {
  return ops.tanh(x);
}

/** `x` cut to [-1, 1]. */
export function hardTanh(x: tf.Tensor): tf.Tensor {
  return x.clipByValue(-1, 1);
}

/** `x - tanh(x)`. */
export function tanhShrink(x: tf.Tensor): tf.Tensor {
  return x.sub(ops.tanh(x));
}
