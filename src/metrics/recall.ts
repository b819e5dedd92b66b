import type * as tf from '../tf.js';
import { type ConfusionCounts, ConfusionMetric } from './confusion-metric.js';
import type { MetricOptions } from './metric.js';

/** What {@link Recall} takes. */
export interface RecallOptions extends MetricOptions {
  /** Predictions above it count as 1. Default: 0.5. */
  thresholds?: number;
}

/**
 * The share of ones that are predicted: true positives / (true positives + false negatives), 0 where there is none.
 *
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: ['precision', 'recall'] });
 */
export class Recall extends ConfusionMetric {
  static readonly className = 'Recall';
  override readonly direction = 'up';
  protected override readonly thresholds: readonly [number];

  constructor(options: RecallOptions = {}) {
    super(options);
    this.thresholds = [options.thresholds ?? 0.5];
  }

  override getConfig(): Record<string, unknown> {
    return { thresholds: this.thresholds[0], ...super.getConfig() };
  }

  protected override resultOfCounts({ truePositives, falseNegatives }: ConfusionCounts): tf.Tensor {
    return truePositives.divNoNan(truePositives.add(falseNegatives)).squeeze();
  }
}
