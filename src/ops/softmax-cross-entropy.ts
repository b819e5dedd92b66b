import { CnnError } from '../errors.js';
import { nativeOp } from '../runtime/op.js';
import { formatShape } from '../shape.js';
import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';

/**
 * Cross-entropy between distributions and the softmax of logits, stable for logits of any size:
 * `-sum(labels * log(softmax(logits)))` over the last axis.
 *
 * @param labels float32 [..., classes], each row a distribution
 * @param logits float32 [..., classes]
 * @returns float32 [...]
 * @throws CnnError SHAPE_MISMATCH
 */
export function softmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  checkLabels(labels, logits.shape);
  if (!canFuse()) return composed(labels, logits);
  const rows = toRows(logits);
  const targets = labels.reshape(rows.shape);
  const losses = differentiable({ targets, rows }, () => {
    const [value, gradient] = nativeOp('SoftmaxCrossEntropyWithLogits', [rows, targets], {}, 2);
    return {
      value: value!,
      saved: { rows, gradient: gradient! },
      gradients: {
        targets: (dy, saved) => saved.rows.logSoftmax().mul(dy.expandDims(-1)).neg(),
        rows: (dy, saved) => saved.gradient.mul(dy.expandDims(-1)),
      },
    };
  });
  return losses.reshape(logits.shape.slice(0, -1));
}

/**
 * The same with classes given by number.
 *
 * @param labels int32 [...], each from 0 to classes - 1. One out of range is an error on libtensorflow's CPU, and
 *   makes the loss NaN elsewhere
 * @param logits float32 [..., classes]
 * @returns float32 [...]
 * @throws CnnError SHAPE_MISMATCH
 */
export function sparseSoftmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  checkLabels(labels, logits.shape.slice(0, -1));
  if (!canFuse()) {
    const classes = logits.shape.at(-1)!;
    const inRange = labels.greaterEqual(0).logicalAnd(labels.less(classes));
    return tf.where(inRange, composed(tf.oneHot(labels, classes).toFloat(), logits), tf.scalar(Number.NaN));
  }
  const rows = toRows(logits);
  const numbers = labels.flatten();
  const losses = differentiable({ rows }, () => {
    const [value, gradient] = nativeOp('SparseSoftmaxCrossEntropyWithLogits', [rows, numbers], {}, 2);
    return {
      value: value!,
      saved: { gradient: gradient! },
      gradients: { rows: (dy, saved) => saved.gradient.mul(dy.expandDims(-1)) },
    };
  });
  return losses.reshape(labels.shape);
}

/** Its gradient goes by the inputs alone: so tfjs can differentiate it again, which it cannot for logSoftmax's. */
function composed(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return differentiable({ labels, logits }, () => ({
    value: logits.logSoftmax().mul(labels).sum(-1).neg(),
    saved: { labels, logits },
    gradients: {
      labels: (dy, saved) => saved.logits.logSoftmax().mul(dy.expandDims(-1)).neg(),
      logits: (dy, saved) => saved.logits.softmax().sub(saved.labels).mul(dy.expandDims(-1)),
    },
  }));
}

function toRows(logits: tf.Tensor): tf.Tensor {
  return logits.reshape([-1, logits.shape.at(-1)!]);
}

function checkLabels(labels: tf.Tensor, shape: readonly number[]): void {
  if (labels.shape.join() === shape.join()) return;
  throw new CnnError('SHAPE_MISMATCH', 'the labels do not fit the logits', {
    expected: `labels of shape ${formatShape(shape)}`,
    received: formatShape(labels.shape),
  });
}
