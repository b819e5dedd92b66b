import { nativeOp } from '../runtime/op.js';
import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';
import { normalize } from './normalize.js';

/** Normalized activations, and the statistics of the batch by which they were normalized. */
export interface BatchNormResult {
  readonly y: tf.Tensor;
  /** [channels], without a gradient. */
  readonly mean: tf.Tensor;
  /** [channels], divided by the number of elements (not one less), without a gradient. */
  readonly variance: tf.Tensor;
}

/**
 * Normalizes each channel by the mean and variance of the batch, then scales and shifts it:
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`.
 *
 * @param x [..., channels]
 * @param gamma [channels]
 * @param beta [channels]
 */
export function batchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): BatchNormResult {
  const [rows, restore] = toImages(x);
  const [y, mean, variance] = canFuse()
    ? fusedTraining(rows, gamma, beta, epsilon)
    : composedTraining(rows, gamma, beta, epsilon);
  return { y: restore(y!), mean: mean!, variance: variance! };
}

/** The same by given statistics, [channels] each, as after training. */
export function batchNormInference(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const scale = variance.add(epsilon).rsqrt().mul(gamma);
  return x.mul(scale).add(beta.sub(mean.mul(scale)));
}

/** TensorFlow's kernel takes images. */
function toImages(x: tf.Tensor): [images: tf.Tensor, restore: (y: tf.Tensor) => tf.Tensor] {
  if (x.rank === 4) return [x, (y) => y];
  return [x.reshape([-1, 1, 1, x.shape.at(-1)!]), (y) => y.reshape(x.shape)];
}

function fusedTraining(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor[] {
  const attributes = { epsilon, data_format: 'NHWC', is_training: true };
  const count = x.size / x.shape[3]!;
  return differentiable({ x, gamma, beta }, () => {
    const none = tf.tensor1d([]);
    const [y, mean, unbiased, ...reserved] = nativeOp(
      'FusedBatchNormV3',
      [x, gamma, beta, none, none],
      { ...attributes, exponential_avg_factor: 1 },
      6,
    );
    // The kernel's variance is that of a sample; Keras keeps that of the batch itself.
    const variance = unbiased!.mul(Math.max(count - 1, 1) / count);
    const [first, second, third] = reserved;
    return {
      value: [y!, mean!, variance],
      saved: { x, gamma, first: first!, second: second!, third: third! },
      gradients(dy, saved) {
        const inputs = [dy, saved.x, saved.gamma, saved.first, saved.second, saved.third];
        const [dx, dgamma, dbeta] = nativeOp('FusedBatchNormGradV3', inputs, attributes, 5);
        return { x: dx!, gamma: dgamma!, beta: dbeta! };
      },
    };
  });
}

function composedTraining(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor[] {
  const [y, mean, variance] = normalize(x, [0, 1, 2], epsilon);
  return [y.mul(gamma).add(beta), mean.flatten(), variance.flatten()];
}
