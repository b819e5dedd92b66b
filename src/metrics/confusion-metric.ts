import { weightsFor } from '../losses/sample-weights.js';
import { sameShape } from '../losses/targets.js';
import * as tf from '../tf.js';
import { Metric } from './metric.js';

/** How often predictions were right and wrong about ones and zeros, for each threshold. */
export interface ConfusionCounts {
  readonly truePositives: tf.Tensor;
  readonly falsePositives: tf.Tensor;
  readonly trueNegatives: tf.Tensor;
  readonly falseNegatives: tf.Tensor;
}

/**
 * A metric of targets of 0 and 1 that rests on the counts of hits and misses, where predictions above a threshold
 * count as 1. State: [true positives, false positives, true negatives, false negatives], a column for each threshold.
 */
export abstract class ConfusionMetric extends Metric {
  /** Probabilities from which on a prediction counts as positive. */
  protected abstract readonly thresholds: readonly number[];

  /** A scalar. Runs in tf.tidy, traced or not. */
  protected abstract resultOfCounts(counts: ConfusionCounts): tf.Tensor;

  protected override stateShape(): number[] {
    return [4, this.thresholds.length];
  }

  protected override contribution(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
    const { targets, predictions } = sameShape(this.className, yTrue, yPred);
    const all = tf.ones(targets.shape);
    const weights =
      sampleWeight === undefined ? all : all.mul(weightsFor(this.className, targets, sampleWeight));
    const ones = targets.toBool().toFloat().mul(weights).reshape([-1, 1]);
    const zeros = weights.reshape([-1, 1]).sub(ones);
    const above = predictions
      .reshape([-1, 1])
      .greater(tf.tensor1d([...this.thresholds]))
      .toFloat();
    const below = tf.sub(1, above);
    return tf.stack([above.mul(ones), above.mul(zeros), below.mul(zeros), below.mul(ones)]).sum(1);
  }

  protected override resultOf(state: tf.Tensor): tf.Tensor {
    const [truePositives, falsePositives, trueNegatives, falseNegatives] = tf.unstack(state) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    return this.resultOfCounts({ truePositives, falsePositives, trueNegatives, falseNegatives });
  }
}
