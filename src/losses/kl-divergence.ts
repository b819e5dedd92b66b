import type * as tf from '../tf.js';
import { EPSILON, Loss } from './loss.js';

/**
 * sum(yTrue · log(yTrue / yPred)) over the last axis, both clipped to 1e-7 ... 1: what is lost when the predicted
 * distribution stands for the true one. Kullback & Leibler, On information and sufficiency (1951).
 *
 * @example
 * model.compile({ optimizer: 'adam', loss: 'klDivergence' });
 */
export class KLDivergence extends Loss {
  static readonly className = 'KLDivergence';
  static readonly aliases = ['kld', 'kullbackLeiblerDivergence'];

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const truth = yTrue.clipByValue(EPSILON, 1);
    return truth.mul(truth.div(yPred.clipByValue(EPSILON, 1)).log()).sum(-1);
  }
}
