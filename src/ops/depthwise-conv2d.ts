import * as tf from '../tf.js';
import { conv2d } from './conv2d.js';
import type { Pair, Stepping } from './conv2d-kernels.js';
import { canFuse, differentiable } from './differentiable.js';
import { dilated } from './dilated.js';
import { currentProduct } from './precision.js';

export interface DepthwiseConv2DAttributes extends Stepping {
  /** More than 1 only with strides of 1. */
  readonly dilationRate: Pair;
}

/**
 * Convolves each channel by itself.
 *
 * @param x [batch, height, width, channels]
 * @param kernel [height, width, channels, multiplier]
 * @returns [batch, height, width, channels * multiplier]
 */
export function depthwiseConv2d(
  x: tf.Tensor,
  kernel: tf.Tensor,
  attributes: DepthwiseConv2DAttributes,
): tf.Tensor {
  const [vertical, horizontal] = attributes.strides;
  // TensorFlow's kernel takes one stride for both axes.
  if (!canFuse() || vertical !== horizontal) return composed(x, kernel, attributes);
  return dilated(x, kernel, attributes, fused(kernel));
}

function fused(kernel: tf.Tensor): (images: tf.Tensor, stepping: Stepping) => tf.Tensor {
  const product = currentProduct();
  return (images, { strides, padding }) => {
    const options = { strides: [1, ...strides, 1], padding: padding.toUpperCase(), data_format: 'NHWC' };
    return differentiable({ images, kernel }, () => ({
      value: product('DepthwiseConv2dNative', [images, kernel], options),
      saved: { images, kernel },
      gradients: {
        images: (dy, saved) => {
          const shape = tf.tensor1d(saved.images.shape, 'int32');
          return product('DepthwiseConv2dNativeBackpropInput', [shape, saved.kernel, dy], options);
        },
        kernel: (dy, saved) => {
          const shape = tf.tensor1d(saved.kernel.shape, 'int32');
          return product('DepthwiseConv2dNativeBackpropFilter', [saved.images, shape, dy], options);
        },
      },
    }));
  };
}

/** As a convolution of all channels whose kernel is zero from one channel to another. */
function composed(x: tf.Tensor, kernel: tf.Tensor, attributes: DepthwiseConv2DAttributes): tf.Tensor {
  const [rows, columns, channels, multiplier] = kernel.shape as [number, number, number, number];
  const own = tf.eye(channels).reshape([1, 1, channels, channels, 1]);
  const all = kernel.reshape([rows, columns, channels, 1, multiplier]).mul(own);
  const shape = [rows, columns, channels, channels * multiplier];
  return conv2d(x, all.reshape(shape), { ...attributes, groups: 1 });
}
