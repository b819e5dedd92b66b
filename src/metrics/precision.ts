import type * as tf from '../tf.js';
import { type ConfusionCounts, ConfusionMetric } from './confusion-metric.js';
import type { MetricOptions } from './metric.js';

/** What {@link Precision} takes. */
export interface PrecisionOptions extends MetricOptions {
  /** Predictions above it count as 1. Default: 0.5. */
  thresholds?: number;
}

/**
 * The share of predicted ones that are ones: true positives / (true + false positives), 0 where none is predicted.
 *
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: ['precision', 'recall'] });
 */
export class Precision extends ConfusionMetric {
  static readonly className = 'Precision';
  override readonly direction = 'up';
  protected override readonly thresholds: readonly [number];

  constructor(options: PrecisionOptions = {}) {
    super(options);
    this.thresholds = [options.thresholds ?? 0.5];
  }

  override getConfig(): Record<string, unknown> {
    return { thresholds: this.thresholds[0], ...super.getConfig() };
  }

  protected override resultOfCounts({ truePositives, falsePositives }: ConfusionCounts): tf.Tensor {
    return truePositives.divNoNan(truePositives.add(falsePositives)).squeeze();
  }
}
