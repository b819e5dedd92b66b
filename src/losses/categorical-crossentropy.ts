import { argumentOf } from '../ops/argument.js';
import { softmaxCrossEntropy } from '../ops/softmax-cross-entropy.js';
import type * as tf from '../tf.js';
import { checkSmoothing } from './label-smoothing.js';
import { EPSILON, Loss, type LossOptions, PROBABILITIES, type TargetRange } from './loss.js';

/** What {@link CategoricalCrossentropy} takes. */
export interface CategoricalCrossentropyOptions extends LossOptions {
  /** Whether predictions are logits instead of probabilities. Default: false. */
  fromLogits?: boolean;
  /** How far targets are moved towards the same probability for every class, 0 to 1. Default: 0. */
  labelSmoothing?: number;
  /** The axis of the classes. Default: -1. */
  axis?: number;
}

/**
 * −sum(yTrue · log p) over the classes, for one-hot targets or other distributions.
 *
 * Where probabilities p come from a softmax, the loss is computed from its logits, so it is exact however certain the
 * prediction. Other probabilities are divided by their sum and clipped to 1e-7 ... 1 − 1e-7.
 *
 * @throws CnnError INVALID_ARGUMENT for a labelSmoothing out of range
 * @example
 * model.compile({ optimizer: 'adam', loss: losses.categoricalCrossentropy({ labelSmoothing: 0.1 }) });
 */
export class CategoricalCrossentropy extends Loss {
  static readonly className = 'CategoricalCrossentropy';
  private readonly fromLogits: boolean;
  private readonly labelSmoothing: number;
  private readonly axis: number;

  constructor(options: CategoricalCrossentropyOptions = {}) {
    super(options);
    this.fromLogits = options.fromLogits ?? false;
    this.labelSmoothing = options.labelSmoothing ?? 0;
    this.axis = options.axis ?? -1;
    checkSmoothing('CategoricalCrossentropy', this.labelSmoothing);
  }

  override getConfig(): Record<string, unknown> {
    const { fromLogits, labelSmoothing, axis } = this;
    return { fromLogits, labelSmoothing, axis, ...super.getConfig() };
  }

  override targetRange(): TargetRange {
    return PROBABILITIES;
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const isLast = this.axis === -1 || this.axis === yPred.rank - 1;
    const smoothing = this.labelSmoothing;
    const classes = yTrue.shape.at(this.axis)!;
    const targets = smoothing === 0 ? yTrue : yTrue.mul(1 - smoothing).add(smoothing / classes);
    const logits = this.fromLogits ? yPred : isLast ? argumentOf('softmax', yPred) : undefined;
    if (logits !== undefined) return softmaxCrossEntropy(this.toLast(targets), this.toLast(logits));
    const p = yPred.div(yPred.sum(this.axis, true)).clipByValue(EPSILON, 1 - EPSILON);
    return targets.mul(p.log()).sum(this.axis).neg();
  }

  /** With the axis of the classes at the end. */
  private toLast(x: tf.Tensor): tf.Tensor {
    const at = (this.axis + x.rank) % x.rank;
    if (at === x.rank - 1) return x;
    return x.transpose([...x.shape.keys()].filter((axis) => axis !== at).concat(at));
  }
}
