import { CnnError } from '../errors.js';
import { EPSILON } from '../losses/loss.js';
import type * as tf from '../tf.js';
import { type ConfusionCounts, ConfusionMetric } from './confusion-metric.js';
import type { MetricOptions } from './metric.js';

/** What {@link AUC} takes. */
export interface AUCOptions extends MetricOptions {
  /** Number of points of the curve, 2 or more. Default: 200. */
  numThresholds?: number;
}

/**
 * The area under the ROC curve, for targets of 0 and 1 and predictions from 0 to 1: how probable it is that a one has
 * a larger prediction than a zero. The curve is drawn through evenly spaced thresholds.
 *
 * @throws CnnError INVALID_ARGUMENT for fewer than 2 thresholds
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: ['auc'] });
 */
export class AUC extends ConfusionMetric {
  static readonly className = 'AUC';
  override readonly direction = 'up';
  protected override readonly thresholds: readonly number[];

  constructor(options: AUCOptions = {}) {
    super(options);
    const { numThresholds = 200 } = options;
    if (!Number.isInteger(numThresholds) || numThresholds < 2) {
      throw new CnnError('INVALID_ARGUMENT', 'AUC: numThresholds is not valid', {
        argument: 'numThresholds',
        expected: 'a whole number of 2 or more',
        received: String(numThresholds),
      });
    }
    const inner = Array.from({ length: numThresholds - 2 }, (_, i) => (i + 1) / (numThresholds - 1));
    this.thresholds = [-EPSILON, ...inner, 1 + EPSILON];
  }

  override getConfig(): Record<string, unknown> {
    return { numThresholds: this.thresholds.length, ...super.getConfig() };
  }

  protected override resultOfCounts(counts: ConfusionCounts): tf.Tensor {
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
    const recall = truePositives.divNoNan(truePositives.add(falseNegatives));
    const fallout = falsePositives.divNoNan(falsePositives.add(trueNegatives));
    const last = this.thresholds.length - 1;
    const before = (x: tf.Tensor) => x.slice([0], [last]);
    const after = (x: tf.Tensor) => x.slice([1], [last]);
    const heights = before(recall).add(after(recall)).div(2);
    return before(fallout).sub(after(fallout)).mul(heights).sum();
  }
}
