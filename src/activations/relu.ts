import { rememberArgument } from '../ops/argument.js';
import { untracked } from '../ops/differentiable.js';
import * as ops from '../ops/elementwise.js';
import type * as tf from '../tf.js';

/** What `relu` takes. */
export interface ReluOptions {
  /** Slope below the threshold. Default: 0. */
  negativeSlope?: number;
  /** Where the output stops growing. Default: nowhere. */
  maxValue?: number;
  /** Where the output starts to grow. Default: 0. */
  threshold?: number;
}

/**
 * `max(x, 0)`; with options: `min(x, maxValue)` from the threshold on, `negativeSlope * (x - threshold)` below it.
 *
 * Source: Keras's `relu`.
 *
 * @example
 * activations.relu(tf.tensor1d([-1, 2])); // [0, 2]
 */
export function relu(
  x: tf.Tensor,
  { negativeSlope = 0, maxValue, threshold = 0 }: ReluOptions = {},
): tf.Tensor {
  if (negativeSlope !== 0 && maxValue === undefined && threshold === 0)
    return ops.leakyRelu(x, negativeSlope);
  if (negativeSlope === 0 && maxValue === undefined && threshold === 0)
    return rememberArgument('relu', ops.relu(x), x);
  const positive = threshold === 0 ? ops.relu(x) : x.mul(untracked(() => x.greater(threshold).toFloat()));
  const bounded = maxValue === undefined ? positive : positive.clipByValue(0, maxValue);
  if (negativeSlope === 0) return bounded;
  return bounded.sub(ops.relu(x.neg().add(threshold)).mul(negativeSlope));
}

/** `min(max(x, 0), 6)`. */
export function relu6(x: tf.Tensor): tf.Tensor {
  return ops.relu6(x);
}

/** `x` where positive, else `negativeSlope * x`, by default a fifth. */
export function leakyRelu(x: tf.Tensor, { negativeSlope = 0.2 }: { negativeSlope?: number } = {}): tf.Tensor {
  return ops.leakyRelu(x, negativeSlope);
}
