import { labelsFor } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/**
 * How often the class with the largest prediction is the true one, for targets that are classes by number.
 *
 * @example
 * model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['sparseCategoricalAccuracy'] });
 */
export class SparseCategoricalAccuracy extends MeanMetric {
  static readonly className = 'SparseCategoricalAccuracy';
  override readonly direction = 'up';

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred
      .argMax(-1)
      .equal(labelsFor(this.className, yTrue, yPred))
      .toFloat();
  }
}
