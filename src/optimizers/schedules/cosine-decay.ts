import * as tf from '../../tf.js';
import { checkSteps, LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link CosineDecay} takes. */
export interface CosineDecayOptions {
  /** The rate at the first step: from it the decay starts, or with a `warmupTarget` the warmup. */
  initialLearningRate: number;
  /** Number of steps of the decay, after the warmup. */
  decaySteps: number;
  /** The lowest rate, as a fraction of the highest. Default: 0. */
  alpha?: number;
  /** The rate to which the warmup goes up in a straight line. Default: null, no warmup. */
  warmupTarget?: number | null;
  /** Number of steps of the warmup. Default: 0. */
  warmupSteps?: number;
}

/**
 * Half a cosine from the highest rate down to `alpha` times that, after a warmup in a straight line if there is a
 * `warmupTarget`. Source: Loshchilov & Hutter, SGDR (arXiv 1608.03983).
 *
 * @throws CnnError INVALID_ARGUMENT unless decaySteps is greater than 0
 * @example
 * schedules.cosineDecay({ initialLearningRate: 0, warmupTarget: 0.001, warmupSteps: 500, decaySteps: 5000 });
 */
export class CosineDecay extends LearningRateSchedule {
  static readonly className = 'CosineDecay';
  private readonly options: Required<CosineDecayOptions>;

  constructor({
    initialLearningRate,
    decaySteps,
    alpha = 0,
    warmupTarget = null,
    warmupSteps = 0,
  }: CosineDecayOptions) {
    super();
    checkSteps('CosineDecay', 'decaySteps', decaySteps);
    this.options = { initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps };
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const { initialLearningRate: start, warmupTarget, warmupSteps } = this.options;
    const now = step.toFloat();
    if (warmupTarget === null) return this.decay(now, start);
    const decayed = this.decay(now.sub(warmupSteps), warmupTarget);
    if (warmupSteps <= 0) return decayed;
    const warming = now
      .div(warmupSteps)
      .mul(warmupTarget - start)
      .add(start);
    return tf.where(now.less(warmupSteps), warming, decayed);
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.options };
  }

  private decay(step: tf.Tensor, from: number): tf.Tensor {
    const { decaySteps, alpha } = this.options;
    const cosine = step.minimum(decaySteps).div(decaySteps).mul(Math.PI).cos().add(1).mul(0.5);
    return cosine
      .mul(1 - alpha)
      .add(alpha)
      .mul(from);
  }
}
