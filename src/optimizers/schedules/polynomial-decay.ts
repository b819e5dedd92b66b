import * as tf from '../../tf.js';
import { checkSteps, LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link PolynomialDecay} takes. */
export interface PolynomialDecayOptions {
  /** The rate at the first step. */
  initialLearningRate: number;
  /** Number of steps after which the rate is `endLearningRate`. */
  decaySteps: number;
  /** Default: 0.0001. */
  endLearningRate?: number;
  /** Default: 1, a straight line. */
  power?: number;
  /** Whether the decay starts again at its end, each time stretched to the next multiple of `decaySteps`. Default: false. */
  cycle?: boolean;
}

/**
 * (initialLearningRate - endLearningRate) · (1 - step / decaySteps) ^ power + endLearningRate.
 *
 * @throws CnnError INVALID_ARGUMENT unless decaySteps is greater than 0
 * @example
 * schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 10000, endLearningRate: 0.01, power: 0.5 });
 */
export class PolynomialDecay extends LearningRateSchedule {
  static readonly className = 'PolynomialDecay';
  private readonly options: Required<PolynomialDecayOptions>;

  constructor({
    initialLearningRate,
    decaySteps,
    endLearningRate = 0.0001,
    power = 1,
    cycle = false,
  }: PolynomialDecayOptions) {
    super();
    checkSteps('PolynomialDecay', 'decaySteps', decaySteps);
    this.options = { initialLearningRate, decaySteps, endLearningRate, power, cycle };
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const { initialLearningRate, decaySteps, endLearningRate, power, cycle } = this.options;
    const now = step.toFloat();
    const progress = cycle
      ? now.div(now.div(decaySteps).ceil().maximum(1).mul(decaySteps))
      : now.minimum(decaySteps).div(decaySteps);
    return tf
      .sub(1, progress)
      .pow(power)
      .mul(initialLearningRate - endLearningRate)
      .add(endLearningRate);
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.options };
  }
}
