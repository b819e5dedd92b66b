import * as ops from '../ops/elementwise.js';
import type * as tf from '../tf.js';

/** What `gelu` takes. */
export interface GeluOptions {
  /** Whether to approximate the normal distribution by tanh. Default: false. */
  approximate?: boolean;
}

/**
 * `x * P(X <= x)` for X of the standard normal distribution.
 *
 * Source: Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415.
 */
export function gelu(x: tf.Tensor, { approximate = false }: GeluOptions = {}): tf.Tensor {
  if (!approximate) return x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1));
  const inner = x
    .pow(3)
    .mul(0.044715)
    .add(x)
    .mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(ops.tanh(inner).add(1));
}
