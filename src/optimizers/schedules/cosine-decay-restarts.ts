import * as tf from '../../tf.js';
import { checkSteps, LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link CosineDecayRestarts} takes. */
export interface CosineDecayRestartsOptions {
  /** The rate at the first step. */
  initialLearningRate: number;
  /** Number of steps of the first decay. */
  firstDecaySteps: number;
  /** By what each decay is longer than the one before it. Default: 2. */
  tMul?: number;
  /** By what the rate at each restart is multiplied. Default: 1. */
  mMul?: number;
  /** The lowest rate, as a fraction of `initialLearningRate`. Default: 0. */
  alpha?: number;
}

/**
 * Half a cosine down from `initialLearningRate`, again and again. Source: Loshchilov & Hutter, SGDR
 * (arXiv 1608.03983).
 *
 * @throws CnnError INVALID_ARGUMENT unless firstDecaySteps is greater than 0
 * @example
 * schedules.cosineDecayRestarts({ initialLearningRate: 0.01, firstDecaySteps: 1000 });
 */
export class CosineDecayRestarts extends LearningRateSchedule {
  static readonly className = 'CosineDecayRestarts';
  private readonly options: Required<CosineDecayRestartsOptions>;

  constructor({
    initialLearningRate,
    firstDecaySteps,
    tMul = 2,
    mMul = 1,
    alpha = 0,
  }: CosineDecayRestartsOptions) {
    super();
    checkSteps('CosineDecayRestarts', 'firstDecaySteps', firstDecaySteps);
    this.options = { initialLearningRate, firstDecaySteps, tMul, mMul, alpha };
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const { initialLearningRate, firstDecaySteps, mMul, alpha } = this.options;
    const { restarts, progress } = this.cycleAt(step.toFloat().div(firstDecaySteps));
    const cosine = progress.mul(Math.PI).cos().add(1).mul(0.5).mul(tf.scalar(mMul).pow(restarts));
    return cosine
      .mul(1 - alpha)
      .add(alpha)
      .mul(initialLearningRate);
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.options };
  }

  /** @param time in lengths of the first decay */
  private cycleAt(time: tf.Tensor): { restarts: tf.Tensor; progress: tf.Tensor } {
    const { tMul } = this.options;
    if (tMul === 1) {
      const restarts = time.floor();
      return { restarts, progress: time.sub(restarts) };
    }
    // Decays of lengths 1, t, t^2 ... have taken (t^n - 1) / (t - 1) after n of them.
    const restarts = time
      .mul(tMul - 1)
      .add(1)
      .log()
      .div(tf.scalar(tMul).log())
      .floor();
    const length = tf.scalar(tMul).pow(restarts);
    const start = length.sub(1).div(tMul - 1);
    return { restarts, progress: time.sub(start).div(length) };
  }
}
