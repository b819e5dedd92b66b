import type { BatchMatMulAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import { throughCpu } from './through-cpu.js';

/** Below this many multiplications tfjs's own loops are done before ours have begun. */
const SMALL = 16 * 1024;

/**
 * Products of matrices. tfjs's kernel is fast for plain products of single matrices only, and uses one thread: a
 * product with a transposed matrix, of which training is full, takes 20 to 100 times as long. Here each becomes a
 * plain one, and that a convolution with a 1 by 1 filter, which is the same product on all threads.
 *
 * @param stock tfjs's kernel
 */
export function matMul(stock: KernelFunc): KernelFunc {
  const integers = throughCpu(tf.BatchMatMul);
  return (params) => {
    const { a, b } = params.inputs as { a: tf.Tensor; b: tf.Tensor };
    const { transposeA, transposeB } = params.attrs as unknown as BatchMatMulAttrs;
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return integers(params);
    const [rows, inner] = lastTwo(a, transposeA);
    const [, columns] = lastTwo(b, transposeB);
    if (rows * inner * columns < SMALL) return stock(params);
    return tf.tidy(() => product(transposeA ? swapped(a) : a, transposeB ? swapped(b) : b));
  };
}

function lastTwo({ shape }: tf.Tensor, transpose: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transpose ? [columns, rows] : [rows, columns];
}

function swapped(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** [..., m, k] times [..., k, n]; the leading dimensions broadcast. */
function product(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [m, k] = lastTwo(a, false);
  const [, n] = lastTwo(b, false);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const count = tf.util.sizeFromShape(batch);
  if (tf.util.sizeFromShape(b.shape.slice(0, -2)) === 1) {
    return pointwise(a.reshape([-1, k]), b.reshape([k, n])).reshape([...batch, m, n]);
  }
  const matrices = (x: tf.Tensor) =>
    tf.unstack(tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]).reshape([count, ...x.shape.slice(-2)]));
  const right = matrices(b);
  return tf.stack(matrices(a).map((left, i) => pointwise(left, right[i]!))).reshape([...batch, m, n]);
}

function pointwise(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [rows, inner] = a.shape as [number, number];
  const image = a.reshape<tf.Tensor4D>([1, 1, rows, inner]);
  return tf
    .conv2d(image, b.reshape<tf.Tensor4D>([1, 1, ...b.shape]), 1, 'valid')
    .reshape([rows, b.shape[1]!]);
}
