import { CnnError } from '../errors.js';
import { formatShape } from '../shape.js';
import type * as tf from '../tf.js';

/**
 * Targets and predictions of one shape, the targets as float32. A last axis of size 1 that one of them lacks is
 * added, or taken away, as in Keras: targets of shape [n] go with predictions of shape [n, 1].
 *
 * @param owner who compares them, for messages
 * @throws CnnError SHAPE_MISMATCH
 */
export function sameShape(
  owner: string,
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
): { targets: tf.Tensor; predictions: tf.Tensor } {
  const [targets, predictions] = toSameRank(yTrue, yPred);
  if (targets.shape.join() !== predictions.shape.join()) {
    throw new CnnError('SHAPE_MISMATCH', `${owner}: the targets do not fit the predictions`, {
      expected: `targets of shape ${formatShape(yPred.shape)}`,
      received: formatShape(yTrue.shape),
    });
  }
  return { targets: targets.toFloat(), predictions };
}

/**
 * Targets that are classes by number, as int32: one for each row of predictions [..., classes].
 *
 * @param owner who compares them, for messages
 * @param yTrue of the shape of the predictions without their last axis, or with 1 there
 * @throws CnnError SHAPE_MISMATCH
 */
export function labelsFor(owner: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const shape = yPred.shape.slice(0, -1);
  const isColumn = yTrue.rank === yPred.rank && yTrue.shape.at(-1) === 1;
  if ((isColumn ? yTrue.shape.slice(0, -1) : yTrue.shape).join() !== shape.join()) {
    throw new CnnError('SHAPE_MISMATCH', `${owner}: the labels do not fit the predictions`, {
      expected: `labels of shape ${formatShape(shape)} for predictions of shape ${formatShape(yPred.shape)}`,
      received: formatShape(yTrue.shape),
      hint: 'One-hot targets go with the categorical losses and metrics that are not sparse.',
    });
  }
  return yTrue.toInt().reshape(shape);
}

/** Of two tensors whose ranks differ by a last axis of size 1, the one of rank 1 is expanded, else the larger squeezed. */
function toSameRank(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1) {
    return b.rank === 1 ? [a, b.expandDims(-1)] : [a.squeeze([a.rank - 1]), b];
  }
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1) {
    const [squeezed, same] = toSameRank(b, a);
    return [same, squeezed];
  }
  return [a, b];
}
