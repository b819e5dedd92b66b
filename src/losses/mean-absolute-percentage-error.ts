import type * as tf from '../tf.js';
import { EPSILON, Loss } from './loss.js';

/**
 * 100 · mean(|yTrue − yPred| / max(|yTrue|, 1e-7)) over the last axis.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'mape' });
 */
export class MeanAbsolutePercentageError extends Loss {
  static readonly className = 'MeanAbsolutePercentageError';
  static readonly aliases = ['mape'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yTrue.sub(yPred).div(yTrue.abs().maximum(EPSILON)).abs().mean(-1).mul(100);
  }
}
