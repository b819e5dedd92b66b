import { argumentOf } from '../ops/argument.js';
import { sigmoidCrossEntropy } from '../ops/sigmoid-cross-entropy.js';
import * as tf from '../tf.js';
import { checkSmoothing } from './label-smoothing.js';
import { EPSILON, Loss, type LossOptions, PROBABILITIES, type TargetRange } from './loss.js';

/** What {@link BinaryCrossentropy} takes. */
export interface BinaryCrossentropyOptions extends LossOptions {
  /** Whether predictions are logits instead of probabilities. Default: false. */
  fromLogits?: boolean;
  /** How far targets are moved from 0 and 1 towards 1/2, 0 to 1. Default: 0. */
  labelSmoothing?: number;
  /** The axis over which the mean is taken. Default: -1. */
  axis?: number;
}

/**
 * −mean(yTrue · log p + (1 − yTrue) · log(1 − p)) over an axis, for targets from 0 to 1.
 *
 * Where probabilities p come from a sigmoid, the loss is computed from its logits, so it is exact however certain the
 * prediction. Other probabilities are clipped to 1e-7 ... 1 − 1e-7.
 *
 * @throws CnnError INVALID_ARGUMENT for a labelSmoothing out of range
 * @example
 * model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
 */
export class BinaryCrossentropy extends Loss {
  static readonly className = 'BinaryCrossentropy';
  static readonly aliases = ['bce'];
  private readonly fromLogits: boolean;
  private readonly labelSmoothing: number;
  private readonly axis: number;

  constructor(options: BinaryCrossentropyOptions = {}) {
    super(options);
    this.fromLogits = options.fromLogits ?? false;
    this.labelSmoothing = options.labelSmoothing ?? 0;
    this.axis = options.axis ?? -1;
    checkSmoothing('BinaryCrossentropy', this.labelSmoothing);
  }

  override getConfig(): Record<string, unknown> {
    const { fromLogits, labelSmoothing, axis } = this;
    return { fromLogits, labelSmoothing, axis, ...super.getConfig() };
  }

  override targetRange(): TargetRange {
    return PROBABILITIES;
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const smoothing = this.labelSmoothing;
    const targets = smoothing === 0 ? yTrue : yTrue.mul(1 - smoothing).add(0.5 * smoothing);
    const logits = this.fromLogits ? yPred : argumentOf('sigmoid', yPred);
    const values =
      logits === undefined ? fromProbabilities(targets, yPred) : sigmoidCrossEntropy(targets, logits);
    return values.mean(this.axis);
  }
}

function fromProbabilities(targets: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  const p = probabilities.clipByValue(EPSILON, 1 - EPSILON);
  const ofOnes = targets.mul(p.log());
  const ofZeros = tf.sub(1, targets).mul(tf.sub(1, p).log());
  return ofOnes.add(ofZeros).neg();
}
