import * as tf from '../tf.js';
import { Loss } from './loss.js';

/**
 * max(1 + wrong − right, 0), where right is the prediction for the true class and wrong the largest of the others
 * (0 at the least), for one-hot targets.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'categoricalHinge' });
 */
export class CategoricalHinge extends Loss {
  static readonly className = 'CategoricalHinge';

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const right = yTrue.mul(yPred).sum(-1);
    const wrong = tf.sub(1, yTrue).mul(yPred).max(-1);
    return wrong.sub(right).add(1).maximum(0);
  }
}
