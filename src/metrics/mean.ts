import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/**
 * The mean of plain values, such as losses.
 *
 * @example
 * const mean = metrics.mean();
 * mean.update(tf.tensor1d([1, 3]));
 * mean.result().dataSync()[0]; // 2
 */
export class Mean extends MeanMetric {
  static readonly className = 'Mean';

  /** Takes in some values. @param sampleWeight a weight for each value */
  override update(values: tf.Tensor, sampleWeight?: tf.Tensor): void {
    super.update(values, values, sampleWeight);
  }

  protected override valuesOf(values: tf.Tensor): tf.Tensor {
    return values;
  }
}
