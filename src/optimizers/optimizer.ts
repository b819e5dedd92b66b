import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';

/** A learning rate as a function of the step. */
export abstract class LearningRateSchedule {
  /** @param step int32 scalar, 0 at the first update. @returns float32 scalar. Traced. */
  abstract rateAt(step: tf.Tensor): tf.Tensor;
  abstract getConfig(): Record<string, unknown>;
}

/** What the trainer, callbacks and saving use of an optimizer. The abstract base class is to implement it. */
export interface OptimizerContract {
  /** Number of updates so far: int32 scalar. */
  readonly iterations: Variable;
  /** The rate at the next update; setting it replaces a constant rate (no retrace). @throws for a schedule */
  learningRate: number;
  /** Makes the state for these variables (once; again for the same variables is a no-op). */
  build(variables: readonly Variable[]): void;
  /** One update. Traced. Gradients in the order of `build`'s variables. Clipping and weight decay included. */
  applyGradients(gradients: readonly tf.Tensor[]): void;
  /** All state, in Keras's order: iteration, learning rate, then per variable. */
  readonly variables: readonly Variable[];
  getConfig(): Record<string, unknown>;
  dispose(): void;
}
