import { weightsFor } from '../losses/sample-weights.js';
import * as tf from '../tf.js';
import { Metric } from './metric.js';

/** The mean over all samples of a value for each, weighted if there are sample weights. State: total and count. */
export abstract class MeanMetric extends Metric {
  /** A value for each sample, or several, whose mean counts. Runs in tf.tidy, traced or not. */
  protected abstract valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;

  protected override stateShape(): number[] {
    return [2];
  }

  protected override contribution(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
    return totalAndCount(this.className, this.valuesOf(yTrue, yPred), sampleWeight);
  }

  protected override resultOf(state: tf.Tensor): tf.Tensor {
    const [total, count] = tf.unstack(state);
    return total!.divNoNan(count!);
  }
}

/** The sum of the samples' (mean) values and the number of samples; if weighted, of both the weighted sums. */
function totalAndCount(owner: string, values: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor {
  if (sampleWeight === undefined) {
    return tf.stack([sumOfRows(values), tf.scalar(values.shape[0] ?? 1)]);
  }
  const weights = weightsFor(owner, values, sampleWeight);
  return tf.stack([sumOfRows(values.mul(weights)), sumOfRows(weights)]);
}

/** The sum over the first axis of the mean over all others. */
function sumOfRows(values: tf.Tensor): tf.Tensor {
  const perRow = values.size / (values.shape[0] ?? 1);
  return perRow === 1 ? values.sum() : values.sum().div(perRow);
}
