import { toCamelCase } from '../registry.js';
import { unknownName } from '../suggest.js';
import * as tf from '../tf.js';
import { weightsFor } from './sample-weights.js';
import { sameShape } from './targets.js';

/** Keeps logarithms and quotients finite: Keras's `backend.epsilon()`. */
export const EPSILON = 1e-7;

const REDUCTIONS = ['sumOverBatchSize', 'sum', 'mean', 'meanWithSampleWeight', 'none'] as const;

/** How the values of the samples become one number (Keras 3). */
export type Reduction = (typeof REDUCTIONS)[number];

/** What every loss takes. */
export interface LossOptions {
  /**
   * `'sumOverBatchSize'` and `'mean'`: the mean over all samples (weighted sums are divided by the number of samples);
   * `'meanWithSampleWeight'`: weighted sums are divided by the sum of weights. Default: `'sumOverBatchSize'`.
   */
  reduction?: Reduction;
  /** Under which it appears in results. Default: the class's name in camel case. */
  name?: string;
}

/** Which values targets may have. */
export interface TargetRange {
  /** In words: `'0 to 9, for 10 outputs'`. */
  readonly expected: string;
  includes(value: number): boolean;
}

/** Targets that are probabilities. */
export const PROBABILITIES: TargetRange = {
  expected: 'a probability, 0 to 1',
  includes: (value) => value >= 0 && value <= 1,
};

/** A function to be minimized: how far predictions are from the truth. */
export abstract class Loss {
  /** Under which it appears in results. */
  readonly name: string;
  /** How the samples' losses become one number. */
  readonly reduction: Reduction;
  /** What the targets are: values like the predictions, or labels: whole numbers below the number of outputs. */
  readonly targets: 'values' | 'labels' = 'values';

  /** @throws CnnError UNKNOWN_NAME for an unknown reduction */
  constructor({ reduction = 'sumOverBatchSize', name }: LossOptions = {}) {
    this.name = name ?? toCamelCase(this.className);
    this.reduction = reduction;
    if (!REDUCTIONS.includes(reduction)) throw unknownName('reduction', String(reduction), REDUCTIONS);
  }

  /** The class's name in saved models. */
  get className(): string {
    return (this.constructor as unknown as { className: string }).className;
  }

  /**
   * The loss of each sample. Runs in tf.tidy, traced or not.
   *
   * @param yTrue of the shape of yPred and float32, unless the targets are labels
   */
  protected abstract call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;

  /**
   * Which targets it has a meaning for; data with others is refused before the first step. Default: any.
   *
   * @param _outputs number of the model's outputs
   */
  targetRange(_outputs: number): TargetRange | undefined {
    return undefined;
  }

  /** Which of the per-sample values count, where some do not: a bool for each. */
  protected validity(_yTrue: tf.Tensor): tf.Tensor | undefined {
    return undefined;
  }

  /** The options from which an equal loss can be made. */
  getConfig(): Record<string, unknown> {
    return { name: this.name, reduction: this.reduction };
  }

  /**
   * The loss of each sample, before weights and reduction: the shape of the predictions without their last axis.
   * Traced.
   *
   * @throws CnnError SHAPE_MISMATCH where the targets do not fit the predictions
   */
  perSample(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    if (this.targets === 'labels') return tf.tidy(() => this.call(yTrue, yPred));
    return tf.tidy(() => {
      const { targets, predictions } = sameShape(this.className, yTrue, yPred);
      return this.call(targets, predictions);
    });
  }

  /**
   * The reduced loss. Traced.
   *
   * @param sampleWeight a weight for each sample: [batch], or the shape of the per-sample loss
   * @returns a scalar (with reduction `'none'`, the per-sample values)
   * @throws CnnError SHAPE_MISMATCH where targets or weights do not fit
   */
  apply(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const values = this.perSample(yTrue, yPred);
      const weights = this.weightsOf(values, sampleWeight, this.validity(yTrue));
      const weighted = weights === undefined ? values : values.mul(weights);
      if (this.reduction === 'none') return weighted;
      if (this.reduction === 'sum') return weighted.sum();
      if (this.reduction === 'meanWithSampleWeight' && weights !== undefined) {
        const total = weights.mul(tf.ones(values.shape)).sum();
        // Without any weight the loss is 0. (tfjs's divNoNan has no gradient.)
        return weighted.sum().div(total.add(total.equal(0).toFloat()));
      }
      return weighted.sum().div(values.size);
    });
  }

  /** The weight of each value, if they differ. */
  private weightsOf(
    values: tf.Tensor,
    sampleWeight: tf.Tensor | undefined,
    valid: tf.Tensor | undefined,
  ): tf.Tensor | undefined {
    const given = sampleWeight === undefined ? undefined : weightsFor(this.className, values, sampleWeight);
    if (valid === undefined) return given;
    const mask = valid.toFloat().reshape(values.shape);
    const isMean = this.reduction === 'sumOverBatchSize' || this.reduction === 'mean';
    // A mean is over the values that count; the sum will be divided by the number of all.
    const share = isMean ? mask.mul(tf.scalar(mask.size).divNoNan(mask.sum())) : mask;
    return given === undefined ? share : given.mul(share);
  }
}
