import { CnnError } from '../errors.js';
import type * as tf from '../tf.js';
import { Loss, type LossOptions } from './loss.js';

/** What {@link Huber} takes. */
export interface HuberOptions extends LossOptions {
  /** The error from which on the loss grows in a straight line, greater than 0. Default: 1. */
  delta?: number;
}

/**
 * The square of small errors and the size of large ones: the mean over the last axis of e² / 2 where
 * |e| ≤ delta, else delta · |e| − delta² / 2. Huber, Robust estimation of a location parameter (1964).
 *
 * @throws CnnError INVALID_ARGUMENT unless delta is greater than 0
 * @example
 * model.compile({ optimizer: 'sgd', loss: losses.huber({ delta: 0.5 }) });
 */
export class Huber extends Loss {
  static readonly className = 'Huber';
  private readonly delta: number;

  constructor(options: HuberOptions = {}) {
    super(options);
    this.delta = options.delta ?? 1;
    if (this.delta > 0) return;
    throw new CnnError('INVALID_ARGUMENT', 'Huber: delta is not valid', {
      argument: 'delta',
      expected: 'a number greater than 0',
      received: String(options.delta),
    });
  }

  override getConfig(): Record<string, unknown> {
    return { delta: this.delta, ...super.getConfig() };
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { delta } = this;
    const size = yPred.sub(yTrue).abs();
    // The part of the error below delta counts by its square, the rest by its size; tfjs cannot differentiate tf.where
    // by a comparison of the predictions.
    const inner = size.minimum(delta);
    return inner.square().mul(0.5).add(size.sub(inner).mul(delta)).mean(-1);
  }
}
