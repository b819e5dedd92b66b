import * as tf from '../../tf.js';
import { checkSteps, LearningRateSchedule } from './learning-rate-schedule.js';

/** What {@link InverseTimeDecay} takes. */
export interface InverseTimeDecayOptions {
  /** The rate at the first step. */
  initialLearningRate: number;
  /** Number of steps that count as one unit of time. */
  decaySteps: number;
  /** How much the divisor grows in one unit of time. */
  decayRate: number;
  /** Whether the rate changes only every `decaySteps` steps. Default: false. */
  staircase?: boolean;
}

/**
 * initialLearningRate / (1 + decayRate · step / decaySteps).
 *
 * @throws CnnError INVALID_ARGUMENT unless decaySteps is greater than 0
 * @example
 * optimizers.sgd({ learningRate: schedules.inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 }) });
 */
export class InverseTimeDecay extends LearningRateSchedule {
  static readonly className = 'InverseTimeDecay';
  private readonly options: Required<InverseTimeDecayOptions>;

  constructor({ initialLearningRate, decaySteps, decayRate, staircase = false }: InverseTimeDecayOptions) {
    super();
    checkSteps('InverseTimeDecay', 'decaySteps', decaySteps);
    this.options = { initialLearningRate, decaySteps, decayRate, staircase };
  }

  override rateAt(step: tf.Tensor): tf.Tensor {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.options;
    const progress = step.toFloat().div(decaySteps);
    const time = staircase ? progress.floor() : progress;
    return tf.scalar(initialLearningRate).div(time.mul(decayRate).add(1));
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.options };
  }
}
