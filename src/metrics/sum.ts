import { weightsFor } from '../losses/sample-weights.js';
import type * as tf from '../tf.js';
import { Metric } from './metric.js';

/**
 * The sum of plain values.
 *
 * @example
 * const sum = metrics.sum();
 * sum.update(tf.tensor1d([1, 3]));
 * sum.result().dataSync()[0]; // 4
 */
export class Sum extends Metric {
  static readonly className = 'Sum';

  /** Takes in some values. @param sampleWeight a weight for each value */
  override update(values: tf.Tensor, sampleWeight?: tf.Tensor): void {
    super.update(values, values, sampleWeight);
  }

  protected override stateShape(): number[] {
    return [];
  }

  protected override contribution(values: tf.Tensor, _: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
    if (sampleWeight === undefined) return values.sum();
    return values.mul(weightsFor(this.className, values, sampleWeight)).sum();
  }

  protected override resultOf(state: tf.Tensor): tf.Tensor {
    return state;
  }
}
