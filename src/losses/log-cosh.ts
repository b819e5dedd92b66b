import type * as tf from '../tf.js';
import { Loss } from './loss.js';

/**
 * mean(log(cosh(yPred − yTrue))) over the last axis: e² / 2 for small errors, |e| − log 2 for large ones.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'logCosh' });
 */
export class LogCosh extends Loss {
  static readonly className = 'LogCosh';
  /** What Keras calls the metric. */
  static readonly aliases = ['logCoshError'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const error = yPred.sub(yTrue);
    return error.add(error.mul(-2).softplus()).sub(Math.LN2).mean(-1);
  }
}
