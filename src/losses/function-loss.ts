import { requireTensor } from '../ops/own-function.js';
import type * as tf from '../tf.js';
import { Loss } from './loss.js';

/** A loss of the user's own: the loss of each sample. Traced, so it has to be made of tensor operations. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** A function as a loss. It is not part of saved models, which hold no code. */
export class FunctionLoss extends Loss {
  private readonly fn: LossFunction;

  constructor(fn: LossFunction) {
    super({ name: fn.name || 'loss' });
    this.fn = fn;
  }

  override get className(): string {
    return this.name;
  }

  override perSample(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return this.call(yTrue, yPred);
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return requireTensor('loss', this.name, this.fn(yTrue, yPred));
  }
}
