import { sameShape } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/**
 * How often the class with the largest prediction is the true one, for one-hot targets.
 *
 * @example
 * model.compile({ loss: 'categoricalCrossentropy', metrics: ['categoricalAccuracy'] });
 */
export class CategoricalAccuracy extends MeanMetric {
  static readonly className = 'CategoricalAccuracy';
  override readonly direction = 'up';

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    return predictions.argMax(-1).equal(targets.argMax(-1)).toFloat();
  }
}
