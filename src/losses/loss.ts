import * as tf from '../tf.js';

/** How the values of the samples become one number (Keras 3). */
export type Reduction = 'sumOverBatchSize' | 'sum' | 'mean' | 'meanWithSampleWeight' | 'none';

/** What every loss takes. */
export interface LossOptions {
  /** Default: `'sumOverBatchSize'`, the mean over all samples (weighted sums are divided by the number of samples). */
  reduction?: Reduction;
  name?: string;
}

/** A function to be minimized: how far predictions are from the truth. */
export abstract class Loss {
  readonly name: string;
  readonly reduction: Reduction;
  /** What the targets are: values like the predictions, or labels: whole numbers below the number of outputs. */
  readonly targets: 'values' | 'labels' = 'values';

  protected constructor(name: string, { reduction = 'sumOverBatchSize', name: given }: LossOptions = {}) {
    this.name = given ?? name;
    this.reduction = reduction;
  }

  /** The loss of each sample, before weights and reduction: the shape of the targets without their last axis. Traced. */
  abstract perSample(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;

  /** The options from which an equal loss can be made. */
  getConfig(): Record<string, unknown> {
    return { name: this.name, reduction: this.reduction };
  }

  /**
   * The reduced loss. Traced.
   *
   * @param sampleWeight a weight for each sample: [batch], or the shape of the per-sample loss
   * @returns a scalar (with reduction `'none'`, the per-sample values)
   */
  apply(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const values = this.perSample(yTrue, yPred);
      const weights = sampleWeight === undefined ? undefined : expandTo(sampleWeight, values.rank);
      const weighted = weights === undefined ? values : values.mul(weights);
      switch (this.reduction) {
        case 'none':
          return weighted;
        case 'sum':
          return weighted.sum();
        case 'meanWithSampleWeight':
          return weights === undefined
            ? weighted.mean()
            : weighted.sum().divNoNan(weights.mul(tf.onesLike(values)).sum());
        default:
          return weighted.sum().div(values.size);
      }
    });
  }
}

/** Adds axes of size 1 at the end until a tensor has the rank. */
function expandTo(tensor: tf.Tensor, rank: number): tf.Tensor {
  return tensor.reshape([...tensor.shape, ...Array<number>(Math.max(0, rank - tensor.rank)).fill(1)]);
}
