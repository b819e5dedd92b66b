import type * as tf from '../tf.js';

/** The input itself: no activation. */
export function linear(x: tf.Tensor): tf.Tensor {
  return x.clone();
}

/** `exp(x)`. */
export function exponential(x: tf.Tensor): tf.Tensor {
  return x.exp();
}
