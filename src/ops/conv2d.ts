import { nativeOp } from '../runtime/op.js';
import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';
import { type Padding, type Window, zerosAround } from './window.js';

export type Pair = readonly [height: number, width: number];

export interface Conv2DAttributes {
  readonly strides: Pair;
  readonly padding: Padding;
  /** More than 1 only with strides of 1. */
  readonly dilationRate: Pair;
  /** Input and output channels are split into as many groups, each convolved by itself. */
  readonly groups: number;
}

/**
 * Two-dimensional convolution (correlation, as everywhere in deep learning).
 *
 * @param x [batch, height, width, inputs]
 * @param kernel [height, width, inputs / groups, outputs]
 * @returns [batch, height, width, outputs]
 */
export function conv2d(x: tf.Tensor, kernel: tf.Tensor, attributes: Conv2DAttributes): tf.Tensor {
  const { dilationRate, groups } = attributes;
  if (groups > 1) {
    const kernels = kernel.split(groups, -1);
    const parts = x
      .split(groups, -1)
      .map((part, i) => conv2d(part, kernels[i]!, { ...attributes, groups: 1 }));
    return tf.concat(parts, -1);
  }
  return dilationRate.some((rate) => rate > 1)
    ? dilated(x, kernel, attributes)
    : undilated(x, kernel, attributes);
}

/** Takes every rate-th pixel as an image of its own: TensorFlow's CPU gradients know no dilation. */
function dilated(x: tf.Tensor, kernel: tf.Tensor, { padding, dilationRate }: Conv2DAttributes): tf.Tensor {
  const edges = ([0, 1] as const).map((i) => {
    const extent = x.shape[i + 1]!;
    const window: Window = { size: kernel.shape[i]!, stride: 1, dilation: dilationRate[i] };
    const [before, after] = padding === 'same' ? zerosAround(extent, window) : [0, 0];
    // What fills up the last image is cut off again.
    const rest = (dilationRate[i] - ((extent + before + after) % dilationRate[i])) % dilationRate[i];
    return { padded: [before, after + rest], cropped: [0, rest] };
  });
  const images = tf.spaceToBatchND(
    x,
    [...dilationRate],
    edges.map((edge) => edge.padded),
  );
  const y = undilated(images, kernel, { strides: [1, 1], padding: 'valid' });
  return tf.batchToSpaceND(
    y,
    [...dilationRate],
    edges.map((edge) => edge.cropped),
  );
}

type Undilated = Pick<Conv2DAttributes, 'strides' | 'padding'>;

function undilated(x: tf.Tensor, kernel: tf.Tensor, attributes: Undilated): tf.Tensor {
  const { value, inputGradient, filterGradient } = canFuse()
    ? nativeKernels(attributes)
    : composed(attributes);
  return differentiable({ x, kernel }, () => ({
    value: value(x, kernel),
    saved: { x, kernel },
    gradients: {
      x: (dy, saved) => inputGradient(saved.x.shape, saved.kernel, dy),
      kernel: (dy, saved) => filterGradient(saved.x, saved.kernel.shape, dy),
    },
  }));
}

interface Kernels {
  value(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor;
  inputGradient(shape: number[], kernel: tf.Tensor, dy: tf.Tensor): tf.Tensor;
  filterGradient(x: tf.Tensor, shape: number[], dy: tf.Tensor): tf.Tensor;
}

function nativeKernels({ strides, padding }: Undilated): Kernels {
  const attributes = { strides: [1, ...strides, 1], padding: padding.toUpperCase(), data_format: 'NHWC' };
  return {
    value: (x, kernel) => nativeOp('Conv2D', [x, kernel], attributes)[0]!,
    inputGradient: (shape, kernel, dy) =>
      nativeOp('Conv2DBackpropInput', [tf.tensor1d(shape, 'int32'), kernel, dy], attributes)[0]!,
    filterGradient: (x, shape, dy) =>
      nativeOp('Conv2DBackpropFilter', [x, tf.tensor1d(shape, 'int32'), dy], attributes)[0]!,
  };
}

/** By tfjs's ops; the gradient of the kernel too, which its WebAssembly backend lacks. */
function composed({ strides, padding }: Undilated): Kernels {
  return {
    value: (x, kernel) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, [...strides], padding),
    inputGradient: (shape, kernel, dy) =>
      tf.conv2dTranspose(
        dy as tf.Tensor4D,
        kernel as tf.Tensor4D,
        shape as [number, number, number, number],
        [...strides],
        padding,
      ),
    filterGradient(x, shape, dy) {
      const [rows, columns, inputs, outputs] = shape as [number, number, number, number];
      const [, height, width] = dy.shape as [number, number, number];
      const sizes = [rows, columns];
      const edges = sizes.map((size, i) =>
        padding === 'same' ? zerosAround(x.shape[i + 1]!, { size, stride: strides[i]! }) : [0, 0],
      ) as [number, number][];
      const padded = tf.pad(x, [[0, 0], ...edges, [0, 0]]);
      const upstream = dy.reshape([-1, outputs]);
      // One product for each place in the window: the pixels that met it, by the gradients of what they gave.
      const products = Array.from({ length: rows * columns }, (_, i) => {
        const [top, left] = [Math.floor(i / columns), i % columns];
        const seen = padded.stridedSlice(
          [0, top, left, 0],
          [x.shape[0]!, top + (height - 1) * strides[0] + 1, left + (width - 1) * strides[1] + 1, inputs],
          [1, ...strides, 1],
        );
        return tf.matMul(seen.reshape([-1, inputs]), upstream, true);
      });
      return tf.stack(products).reshape(shape);
    },
  };
}
