import { CnnError } from '../../errors.js';
import * as tf from '../../tf.js';
import { LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link PiecewiseConstantDecay} takes. */
export interface PiecewiseConstantDecayOptions {
  /** Steps after which the next value holds, ascending. */
  boundaries: readonly number[];
  /** The rates: one more than there are boundaries. `values[0]` holds up to and including step `boundaries[0]`. */
  values: readonly number[];
}

/**
 * A rate that is constant between boundaries.
 *
 * @throws CnnError INVALID_ARGUMENT unless there is one value more than boundaries, and these ascend
 * @example
 * // 1 at steps 0 to 100, 0.5 at 101 to 200, then 0.1
 * schedules.piecewiseConstantDecay({ boundaries: [100, 200], values: [1, 0.5, 0.1] });
 */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  static readonly className = 'PiecewiseConstantDecay';
  private readonly boundaries: readonly number[];
  private readonly values: readonly number[];

  constructor({ boundaries, values }: PiecewiseConstantDecayOptions) {
    super();
    const ascend = boundaries.every((boundary, i) => i === 0 || boundary > boundaries[i - 1]!);
    if (boundaries.length === 0 || values.length !== boundaries.length + 1 || !ascend) {
      throw new CnnError('INVALID_ARGUMENT', 'PiecewiseConstantDecay: boundaries and values do not fit', {
        expected: 'boundaries that ascend, and one value more than boundaries',
        received: `boundaries [${boundaries}] and values [${values}]`,
      });
    }
    this.boundaries = [...boundaries];
    this.values = [...values];
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const passed = step
      .greater(tf.tensor1d([...this.boundaries], 'int32'))
      .sum()
      .toInt();
    return tf.gather(tf.tensor1d([...this.values]), passed);
  }

  override getConfig(): Record<string, unknown> {
    return { boundaries: this.boundaries, values: this.values };
  }
}
