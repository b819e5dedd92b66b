import type { Conv2DBackpropInputAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import { padOrCut } from './pad-or-cut.js';

/**
 * The gradient of a convolution for its input, which is also the transposed convolution. tfjs has plain loops for it
 * on WebAssembly, which take 20 times as long as this: a convolution of the output's gradient, with zeros between
 * its places where the stride exceeds 1, by the filter upside down.
 */
export const conv2dBackpropInput: KernelFunc = ({ inputs, attrs }) => {
  const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
  const { strides, pad, dimRoundingMode, inputShape } = attrs as unknown as Conv2DBackpropInputAttrs;
  const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
  /** Zeros around the spread gradient, so that a 'valid' convolution gives `input` places. */
  const around = (before: number, input: number, size: number, spread: number): [number, number] => {
    const first = size - 1 - before;
    return [first, input + size - 1 - spread - first];
  };
  const { top, left } = info.padInfo;
  return tf.tidy(() => {
    // Like tfjs's other backends, no more of the gradient than such a convolution has.
    const used = padOrCut(dy, [0, info.outHeight - dy.shape[1]], [0, info.outWidth - dy.shape[2]]);
    const spread = withZeros(used, info.strideHeight, info.strideWidth);
    const rows = around(top, info.inHeight, info.filterHeight, spread.shape[1]);
    const columns = around(left, info.inWidth, info.filterWidth, spread.shape[2]);
    const turned = tf.reverse(filter, [0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]);
    return tf.conv2d(padOrCut(spread, rows, columns), turned, 1, 'valid');
  });
};

/** The same places, with `stride - 1` zeros after each, in both directions. */
function withZeros(x: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  const [samples, height, width, channels] = x.shape;
  let result: tf.Tensor = x;
  if (strideWidth > 1) {
    const zeros = tf.zeros([samples * height * width, (strideWidth - 1) * channels]);
    result = tf.concat([result.reshape([-1, channels]), zeros], 1);
  }
  if (strideHeight > 1) {
    const row = width * strideWidth * channels;
    const zeros = tf.zeros([samples * height, (strideHeight - 1) * row]);
    result = tf.concat([result.reshape([-1, row]), zeros], 1);
  }
  return result.reshape([samples, height * strideHeight, width * strideWidth, channels]);
}
