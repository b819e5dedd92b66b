import type * as tf from '../tf.js';
import { Loss } from './loss.js';

/**
 * mean(|yTrue − yPred|) over the last axis.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'mae' });
 */
export class MeanAbsoluteError extends Loss {
  static readonly className = 'MeanAbsoluteError';
  static readonly aliases = ['mae'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred.sub(yTrue).abs().mean(-1);
  }
}
