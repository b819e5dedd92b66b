import * as tf from '../../tf.js';
import { checkSteps, LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link ExponentialDecay} takes. */
export interface ExponentialDecayOptions {
  /** The rate at the first step. */
  initialLearningRate: number;
  /** Number of steps in which the rate is multiplied by `decayRate` once. */
  decaySteps: number;
  /** What the rate is multiplied by in one unit of time. */
  decayRate: number;
  /** Whether the rate changes only every `decaySteps` steps. Default: false. */
  staircase?: boolean;
}

/**
 * initialLearningRate · decayRate ^ (step / decaySteps).
 *
 * @throws CnnError INVALID_ARGUMENT unless decaySteps is greater than 0
 * @example
 * optimizers.sgd({ learningRate: schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.9 }) });
 */
export class ExponentialDecay extends LearningRateSchedule {
  static readonly className = 'ExponentialDecay';
  private readonly options: Required<ExponentialDecayOptions>;

  constructor({ initialLearningRate, decaySteps, decayRate, staircase = false }: ExponentialDecayOptions) {
    super();
    checkSteps('ExponentialDecay', 'decaySteps', decaySteps);
    this.options = { initialLearningRate, decaySteps, decayRate, staircase };
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.options;
    const progress = step.toFloat().div(decaySteps);
    return tf
      .scalar(decayRate)
      .pow(staircase ? progress.floor() : progress)
      .mul(initialLearningRate);
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.options };
  }
}
