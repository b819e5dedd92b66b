import { sameShape } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/**
 * How often predictions equal targets. (The word `'accuracy'` in `compile` means the form that fits the shapes:
 * BinaryAccuracy, CategoricalAccuracy or SparseCategoricalAccuracy.)
 *
 * @example
 * const metric = metrics.accuracy();
 * metric.update(tf.tensor1d([1, 2]), tf.tensor1d([1, 3]));
 * metric.result().dataSync()[0]; // 0.5
 */
export class Accuracy extends MeanMetric {
  static readonly className = 'Accuracy';
  static readonly aliases = ['acc'];
  override readonly direction = 'up';

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    return predictions.toFloat().equal(targets).toFloat();
  }
}
