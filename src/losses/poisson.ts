import type * as tf from '../tf.js';
import { EPSILON, Loss } from './loss.js';

/**
 * mean(yPred − yTrue · log(yPred + 1e-7)) over the last axis: how unlikely counts are under predicted means, up to
 * a constant.
 *
 * @example
 * model.compile({ optimizer: 'adam', loss: 'poisson' });
 */
export class Poisson extends Loss {
  static readonly className = 'Poisson';

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred.sub(yTrue.mul(yPred.add(EPSILON).log())).mean(-1);
  }
}
