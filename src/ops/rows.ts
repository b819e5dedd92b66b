import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';

/**
 * Rows of a table.
 *
 * @param table [rows, columns]
 * @param indices int32 [...]
 * @returns [..., columns]
 */
export function rowsOf(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return differentiable({ table }, () => ({
    value: tf.gather(table, indices),
    saved: { indices },
    gradients: { table: (dy, saved) => sumRows(dy, saved.indices, table.shape[0]!) },
  }));
}

/** Adds rows up by their index. tfjs's WebAssembly backend has no such kernel: there it is a product. */
function sumRows(rows: tf.Tensor, indices: tf.Tensor, count: number): tf.Tensor {
  const flat = rows.reshape([indices.size, rows.shape.at(-1)!]);
  const numbers = indices.flatten();
  if (canFuse()) return tf.unsortedSegmentSum(flat, numbers, count);
  return tf.matMul(tf.oneHot(numbers, count).toFloat(), flat, true);
}
