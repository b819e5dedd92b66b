import * as tf from '../tf.js';
import { canFuse } from './differentiable.js';
import { currentProduct } from './precision.js';
import { type Padding, zerosAround } from './window.js';

/** Two numbers, one for each axis of an image. */
export type Pair = readonly [height: number, width: number];

export interface Stepping {
  readonly strides: Pair;
  readonly padding: Padding;
}

/** A convolution without dilation, and its gradients; each of the three is also what the others' gradients take. */
export interface Conv2DKernels {
  value(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor;
  inputGradient(shape: number[], kernel: tf.Tensor, dy: tf.Tensor): tf.Tensor;
  filterGradient(x: tf.Tensor, shape: number[], dy: tf.Tensor): tf.Tensor;
}

/** What convolves here. */
export function conv2dKernels(stepping: Stepping): Conv2DKernels {
  return canFuse() ? nativeKernels(stepping) : composed(stepping);
}

function nativeKernels({ strides, padding }: Stepping): Conv2DKernels {
  const product = currentProduct();
  const attributes = { strides: [1, ...strides, 1], padding: padding.toUpperCase(), data_format: 'NHWC' };
  return {
    value: (x, kernel) => product('Conv2D', [x, kernel], attributes),
    inputGradient: (shape, kernel, dy) =>
      product('Conv2DBackpropInput', [tf.tensor1d(shape, 'int32'), kernel, dy], attributes),
    filterGradient: (x, shape, dy) =>
      product('Conv2DBackpropFilter', [x, tf.tensor1d(shape, 'int32'), dy], attributes),
  };
}

/** By tfjs's ops. */
function composed({ strides, padding }: Stepping): Conv2DKernels {
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
      if (tf.engine().state.gradientDepth === 0) {
        const attrs = { strides: [...strides], pad: padding, dataFormat: 'NHWC', filterShape: shape };
        return tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, attrs) as tf.Tensor;
      }
      // Here a gradient of this gradient is asked for, and that kernel has none.
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
