import { sameShape } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';
import { checkK, isInTopK, type TopKOptions } from './top-k.js';

/** What {@link TopKCategoricalAccuracy} takes. */
export type TopKCategoricalAccuracyOptions = TopKOptions;

/**
 * How often the true class is among the k largest predictions, for one-hot targets.
 *
 * @throws CnnError INVALID_ARGUMENT for a k that is not a whole number of 1 or more
 * @example
 * model.compile({ loss: 'categoricalCrossentropy', metrics: [metrics.topKCategoricalAccuracy({ k: 3 })] });
 */
export class TopKCategoricalAccuracy extends MeanMetric {
  static readonly className = 'TopKCategoricalAccuracy';
  override readonly direction = 'up';
  private readonly k: number;

  constructor(options: TopKCategoricalAccuracyOptions = {}) {
    super(options);
    this.k = options.k ?? 5;
    checkK(this.className, this.k);
  }

  override getConfig(): Record<string, unknown> {
    return { k: this.k, ...super.getConfig() };
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    return isInTopK(targets.argMax(-1), predictions, this.k);
  }
}
