import { sameShape } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/**
 * The root of the mean squared error over all samples.
 *
 * @example
 * model.compile({ loss: 'mse', metrics: ['rmse'] });
 */
export class RootMeanSquaredError extends MeanMetric {
  static readonly className = 'RootMeanSquaredError';
  static readonly aliases = ['rmse'];
  override readonly direction = 'down';

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    return predictions.sub(targets).square();
  }

  /** The root of the mean. */
  protected override resultOf(state: tf.Tensor): tf.Tensor {
    return super.resultOf(state).sqrt();
  }
}
