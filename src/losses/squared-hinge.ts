import type * as tf from '../tf.js';
import { toSigns } from './hinge-labels.js';
import { Loss } from './loss.js';

/**
 * mean(max(1 − yTrue · yPred, 0)²) over the last axis, for labels -1 and 1 (or 0 and 1, which become those).
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'squaredHinge' });
 */
export class SquaredHinge extends Loss {
  static readonly className = 'SquaredHinge';

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return yPred.mul(toSigns(yTrue)).neg().add(1).maximum(0).square().mean(-1);
  }
}
