import * as tf from '../tf.js';
import { argumentOf } from './argument.js';
import { relu } from './elementwise.js';
import type { Padding } from './window.js';

/**
 * The maximum of each window of each channel. Of ReLU's result it is taken before ReLU, which then has a fraction of the
 * numbers to look at: values and gradients are the same.
 *
 * @param images [batch, height, width, channels]
 */
export function maxPool(
  images: tf.Tensor4D,
  size: [number, number],
  strides: [number, number],
  pad: Padding,
): tf.Tensor {
  const before = argumentOf('relu', images) as tf.Tensor4D | undefined;
  if (before === undefined) return tf.maxPool(images, size, strides, pad);
  return relu(tf.maxPool(before, size, strides, pad));
}
