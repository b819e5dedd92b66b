import { argumentOf } from '../ops/argument.js';
import { sparseSoftmaxCrossEntropy } from '../ops/softmax-cross-entropy.js';
import * as tf from '../tf.js';
import { EPSILON, Loss, type LossOptions, type TargetRange } from './loss.js';
import { labelsFor } from './targets.js';

/** What {@link SparseCategoricalCrossentropy} takes. */
export interface SparseCategoricalCrossentropyOptions extends LossOptions {
  /** Whether predictions are logits instead of probabilities. Default: false. */
  fromLogits?: boolean;
  /** A label that marks what is not to count. Default: null, none. */
  ignoreClass?: number | null;
}

/**
 * −log p of the true class, for targets that are classes by number: [batch] or [batch, 1], with predictions
 * [batch, classes].
 *
 * Where probabilities p come from a softmax, the loss is computed from its logits, so it is exact however certain the
 * prediction. Other probabilities are clipped to 1e-7 ... 1 − 1e-7 and divided by their sum.
 *
 * @throws CnnError when applied: SHAPE_MISMATCH; NATIVE_OP_FAILED for a class that has no prediction (elsewhere than
 *   on libtensorflow's CPU the loss is NaN then)
 * @example
 * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 */
export class SparseCategoricalCrossentropy extends Loss {
  static readonly className = 'SparseCategoricalCrossentropy';
  override readonly targets = 'labels';
  private readonly fromLogits: boolean;
  private readonly ignoreClass: number | null;

  constructor(options: SparseCategoricalCrossentropyOptions = {}) {
    super(options);
    this.fromLogits = options.fromLogits ?? false;
    this.ignoreClass = options.ignoreClass ?? null;
  }

  override getConfig(): Record<string, unknown> {
    const { fromLogits, ignoreClass } = this;
    return { fromLogits, ignoreClass, ...super.getConfig() };
  }

  override targetRange(outputs: number): TargetRange {
    return {
      expected: `0 to ${outputs - 1}, for ${outputs} outputs`,
      includes: (value) =>
        value === this.ignoreClass || (Number.isInteger(value) && value >= 0 && value < outputs),
    };
  }

  protected override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const labels = labelsFor(this.className, yTrue, yPred);
    const logits = (this.fromLogits ? yPred : argumentOf('softmax', yPred)) ?? logProbabilities(yPred);
    const valid = this.validity(labels);
    if (valid === undefined) return sparseSoftmaxCrossEntropy(labels, logits);
    return tf.where(
      valid,
      sparseSoftmaxCrossEntropy(labels.mul(valid.toInt()), logits.mul(valid.toFloat().expandDims(-1))),
      tf.scalar(0),
    );
  }

  protected override validity(yTrue: tf.Tensor): tf.Tensor | undefined {
    return this.ignoreClass === null ? undefined : yTrue.notEqual(this.ignoreClass);
  }
}

function logProbabilities(probabilities: tf.Tensor): tf.Tensor {
  return probabilities.clipByValue(EPSILON, 1 - EPSILON).log();
}
