import type * as tf from '../tf.js';

/** A penalty on the size of a weight, added to the loss. */
export abstract class Regularizer {
  /** @returns a scalar */
  abstract penalty(weight: tf.Tensor): tf.Tensor;

  /** The options from which an equal one can be made. */
  abstract getConfig(): Record<string, unknown>;
}
