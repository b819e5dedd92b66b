import type { Conv2DBackpropFilterAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import { padOrCut } from './pad-or-cut.js';

/**
 * The gradient of a convolution for its filter, which tfjs lacks on WebAssembly. It is a convolution itself: of the
 * input, with channels in place of samples, by the gradient of the output as a filter as large as the output is,
 * dilated by the strides.
 */
export const conv2dBackpropFilter: KernelFunc = ({ inputs, attrs }) => {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as Conv2DBackpropFilterAttrs;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  /** How far the last place of the filter reaches, less what the padded input has. */
  const missing = (filter: number, output: number, stride: number, size: number, before: number) =>
    filter + (output - 1) * stride - size - before;
  const { top, left } = info.padInfo;
  const bottom = missing(info.filterHeight, info.outHeight, info.strideHeight, info.inHeight, top);
  const right = missing(info.filterWidth, info.outWidth, info.strideWidth, info.inWidth, left);
  return tf.tidy(() => {
    const images = padOrCut(x, [top, bottom], [left, right]).transpose<tf.Tensor4D>([3, 1, 2, 0]);
    const filter = dy.transpose<tf.Tensor4D>([1, 2, 0, 3]);
    const dilations: [number, number] = [info.strideHeight, info.strideWidth];
    return tf.conv2d(images, filter, 1, 'valid', 'NHWC', dilations).transpose([1, 2, 0, 3]);
  });
};
