import type * as tf from '../tf.js';
import { Loss } from './loss.js';

/**
 * mean((yTrue − yPred)²) over the last axis.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'mse' });
 */
export class MeanSquaredError extends Loss {
  static readonly className = 'MeanSquaredError';
  static readonly aliases = ['mse'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred.sub(yTrue).square().mean(-1);
  }
}
