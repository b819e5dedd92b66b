import type * as tf from '../tf.js';

/** Makes the first value of a weight. */
export abstract class Initializer {
  /** @returns a new float32 tensor; the same initializer with the same seed always makes the same one */
  abstract initialize(shape: readonly number[]): tf.Tensor;

  /** The options from which an equal one can be made. */
  abstract getConfig(): Record<string, unknown>;
}
