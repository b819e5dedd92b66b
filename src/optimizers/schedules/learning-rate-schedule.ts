import { CnnError } from '../../errors.js';
import type * as tf from '../../tf.js';

/**
 * A learning rate as a function of the number of updates so far. It is evaluated inside the training step, so it
 * costs nothing in JavaScript and needs no retrace.
 */
export abstract class LearningRateSchedule {
  /**
   * The rate of an update. Traced.
   *
   * @param step number of updates so far, int32 scalar: 0 at the first
   * @returns float32 scalar
   */
  abstract rateAt(step: tf.Tensor): tf.Tensor;

  /** The options from which an equal schedule can be made. */
  abstract getConfig(): Record<string, unknown>;
}

/** @throws CnnError INVALID_ARGUMENT unless the value is greater than 0 */
export function checkSteps(schedule: string, argument: string, value: number): void {
  if (value > 0) return;
  throw new CnnError('INVALID_ARGUMENT', `${schedule}: ${argument} is not valid`, {
    argument,
    expected: 'a number of steps greater than 0',
    received: String(value),
  });
}
