import { sameShape } from '../losses/targets.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';
import type { MetricOptions } from './metric.js';

/** What {@link BinaryAccuracy} takes. */
export interface BinaryAccuracyOptions extends MetricOptions {
  /** Predictions above it count as 1, all others as 0. Default: 0.5. */
  threshold?: number;
}

/**
 * How often predictions are on the same side of a threshold as targets of 0 and 1.
 *
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: [metrics.binaryAccuracy({ threshold: 0.7 })] });
 */
export class BinaryAccuracy extends MeanMetric {
  static readonly className = 'BinaryAccuracy';
  override readonly direction = 'up';
  private readonly threshold: number;

  constructor(options: BinaryAccuracyOptions = {}) {
    super(options);
    this.threshold = options.threshold ?? 0.5;
  }

  override getConfig(): Record<string, unknown> {
    return { threshold: this.threshold, ...super.getConfig() };
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    return predictions.greater(this.threshold).toFloat().equal(targets).toFloat();
  }
}
