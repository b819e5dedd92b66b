import type * as tf from '../tf.js';

/** Labels -1 and 1. Where all are 0 or 1, these become -1 and 1, as in Keras. */
export function toSigns(labels: tf.Tensor): tf.Tensor {
  const areBits = labels.mul(labels.sub(1)).equal(0).all();
  return labels.add(labels.sub(1).mul(areBits.toFloat()));
}
