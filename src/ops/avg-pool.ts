import * as tf from '../tf.js';
import { canFuse } from './differentiable.js';
import { type Padding, placesOf, zerosAround } from './window.js';

/**
 * The mean of each window of each channel; what lies over the edge does not count.
 *
 * @param x [batch, height, width, channels]
 */
export function avgPool(
  x: tf.Tensor4D,
  size: [number, number],
  strides: [number, number],
  padding: Padding,
): tf.Tensor {
  return padding === 'valid' || canFuse()
    ? tf.avgPool(x, size, strides, padding)
    : overTheEdge(x, size, strides);
}

/** tfjs's own gradient counts what lies over the edge: so this is zeros around, means, and a factor for what counts. */
function overTheEdge(x: tf.Tensor4D, size: [number, number], strides: [number, number]): tf.Tensor {
  const axes = ([0, 1] as const).map((i) => {
    const extent = x.shape[i + 1]!;
    const window = { size: size[i], stride: strides[i] };
    const [before, after] = zerosAround(extent, window);
    const factors = Array.from({ length: placesOf(extent, window, 'same')! }, (_, place) => {
      const start = place * window.stride - before;
      return window.size / (Math.min(start + window.size, extent) - Math.max(start, 0));
    });
    return { zeros: [before, after] as [number, number], factors };
  });
  const [rows, columns] = axes.map(({ factors }) => factors);
  const padded = tf.pad(x, [[0, 0], ...axes.map(({ zeros }) => zeros), [0, 0]]);
  const factors = tf.tensor2d(rows!, [rows!.length, 1]).mul(tf.tensor1d(columns!)).expandDims(-1);
  return tf.avgPool(padded as tf.Tensor4D, size, strides, 'valid').mul(factors);
}
