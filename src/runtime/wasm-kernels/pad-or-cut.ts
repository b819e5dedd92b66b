import * as tf from '../../tf.js';

/** Adds rows and columns of zeros around images [samples, height, width, channels], or takes some off: negative numbers. */
export function padOrCut(
  x: tf.Tensor4D,
  rows: readonly [before: number, after: number],
  columns: readonly [before: number, after: number],
): tf.Tensor4D {
  const sides = [rows, columns];
  let result = x;
  if (sides.some(([before, after]) => before < 0 || after < 0)) {
    const begin = sides.map(([before]) => Math.max(0, -before));
    const sizes = sides.map(([, after], i) => x.shape[i + 1]! - begin[i]! - Math.max(0, -after));
    result = tf.slice(result, [0, ...begin, 0], [x.shape[0], ...sizes, x.shape[3]]);
  }
  if (sides.some(([before, after]) => before > 0 || after > 0)) {
    const [y, z] = sides.map((side) => side.map((n) => Math.max(0, n)) as [number, number]);
    result = tf.pad(result, [[0, 0], y!, z!, [0, 0]]);
  }
  return result;
}
