import { CnnError } from '../errors.js';
import { formatShape } from '../shape.js';
import type * as tf from '../tf.js';
import { differentiable } from './differentiable.js';

/**
 * Cross-entropy between probabilities and the sigmoid of logits, elementwise, stable for logits of any size:
 * `max(x, 0) - x * z + log(1 + exp(-|x|))` for logits x and labels z.
 *
 * @param labels float32, each from 0 to 1
 * @param logits float32, of the same shape
 * @returns float32, of the same shape
 * @throws CnnError SHAPE_MISMATCH
 */
export function sigmoidCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  if (labels.shape.join() !== logits.shape.join()) {
    throw new CnnError('SHAPE_MISMATCH', 'the labels do not fit the logits', {
      expected: `labels of shape ${formatShape(logits.shape)}`,
      received: formatShape(labels.shape),
    });
  }
  return differentiable({ labels, logits }, () => ({
    value: logits.relu().sub(logits.mul(labels)).add(logits.abs().neg().exp().log1p()),
    saved: { labels, logits },
    gradients: {
      labels: (dy, saved) => saved.logits.mul(dy).neg(),
      logits: (dy, saved) => saved.logits.sigmoid().sub(saved.labels).mul(dy),
    },
  }));
}
