import type * as tf from '../tf.js';
import { EPSILON, Loss } from './loss.js';

/**
 * mean((log(yTrue + 1) − log(yPred + 1))²) over the last axis; what is below 1e-7 counts as 1e-7.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'msle' });
 */
export class MeanSquaredLogarithmicError extends Loss {
  static readonly className = 'MeanSquaredLogarithmicError';
  static readonly aliases = ['msle'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const log = (x: tf.Tensor) => x.maximum(EPSILON).add(1).log();
    return log(yPred).sub(log(yTrue)).square().mean(-1);
  }
}
