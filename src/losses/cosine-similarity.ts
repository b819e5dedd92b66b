import type * as tf from '../tf.js';
import { EPSILON, Loss, type LossOptions } from './loss.js';

/** What {@link CosineSimilarity} takes. */
export interface CosineSimilarityOptions extends LossOptions {
  /** The axis along which the vectors lie. Default: -1. */
  axis?: number;
}

/**
 * Minus the cosine of the angle between yTrue and yPred: -1 where they have the same direction, 0 where they are
 * orthogonal or one is zero, 1 where they are opposite.
 *
 * @example
 * model.compile({ optimizer: 'adam', loss: 'cosineSimilarity' });
 */
export class CosineSimilarity extends Loss {
  static readonly className = 'CosineSimilarity';
  private readonly axis: number;

  constructor(options: CosineSimilarityOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
  }

  override getConfig(): Record<string, unknown> {
    return { axis: this.axis, ...super.getConfig() };
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { axis } = this;
    // The limit is on the square, so that the gradient of a zero vector is finite.
    const unit = (x: tf.Tensor) =>
      x.div(
        x
          .square()
          .sum(axis, true)
          .maximum(EPSILON ** 2)
          .sqrt(),
      );
    return unit(yTrue).mul(unit(yPred)).sum(axis).neg();
  }
}
