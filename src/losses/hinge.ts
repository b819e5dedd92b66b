import type * as tf from '../tf.js';
import { toSigns } from './hinge-labels.js';
import { Loss } from './loss.js';

/**
 * mean(max(1 − yTrue · yPred, 0)) over the last axis, for labels -1 and 1 (or 0 and 1, which become those).
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'hinge' });
 */
export class Hinge extends Loss {
  static readonly className = 'Hinge';

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred.mul(toSigns(yTrue)).neg().add(1).maximum(0).mean(-1);
  }
}
