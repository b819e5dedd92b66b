import { labelsFor } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';
import { checkK, isInTopK, type TopKOptions } from './top-k.js';

/** What {@link SparseTopKCategoricalAccuracy} takes. */
export type SparseTopKCategoricalAccuracyOptions = TopKOptions;

/**
 * How often the true class is among the k largest predictions, for targets that are classes by number.
 *
 * @throws CnnError INVALID_ARGUMENT for a k that is not a whole number of 1 or more
 * @example
 * model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: [metrics.sparseTopKCategoricalAccuracy({ k: 3 })] });
 */
export class SparseTopKCategoricalAccuracy extends MeanMetric {
  static readonly className = 'SparseTopKCategoricalAccuracy';
  override readonly direction = 'up';
  private readonly k: number;

  constructor(options: SparseTopKCategoricalAccuracyOptions = {}) {
    super(options);
    this.k = options.k ?? 5;
    checkK(this.className, this.k);
  }

  override getConfig(): Record<string, unknown> {
    return { k: this.k, ...super.getConfig() };
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return isInTopK(labelsFor(this.className, yTrue, yPred), yPred, this.k);
  }
}
