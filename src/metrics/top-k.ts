import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import type { MetricOptions } from './metric.js';

/** What both metrics of the k largest predictions take. */
export interface TopKOptions extends MetricOptions {
  /** How many of the largest predictions count, 1 or more. Default: 5. */
  k?: number;
}

/** @throws CnnError INVALID_ARGUMENT unless k is a whole number of 1 or more */
export function checkK(metric: string, k: number): void {
  if (Number.isInteger(k) && k > 0) return;
  throw new CnnError('INVALID_ARGUMENT', `${metric}: k is not valid`, {
    argument: 'k',
    expected: 'a whole number of 1 or more',
    received: String(k),
  });
}

/**
 * Whether fewer than k classes have a larger prediction than the true one (so ties count as hits, as in TensorFlow).
 *
 * @param labels int32 [...]
 * @param predictions float32 [..., classes]
 * @returns float32 [...]: 1 or 0
 */
export function isInTopK(labels: tf.Tensor, predictions: tf.Tensor, k: number): tf.Tensor {
  // tf.oneHot refuses a single class.
  const classes = tf.range(0, predictions.shape.at(-1)!, 1, 'int32');
  const isTrueClass = labels.toInt().expandDims(-1).equal(classes);
  const ofTrueClass = tf.where(isTrueClass, predictions, tf.zerosLike(predictions)).sum(-1, true);
  const larger = predictions.greater(ofTrueClass).sum(-1);
  return larger
    .less(k)
    .logicalAnd(ofTrueClass.squeeze([-1]).isFinite())
    .toFloat();
}
