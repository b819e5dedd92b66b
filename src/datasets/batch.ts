import { sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import type { Column } from './column.js';

/**
 * Some samples as tensors. Whoever asked for them disposes of them (`tf.dispose(batch)`), or asks inside `tf.tidy`. An
 * alias, because an interface is no record of tensors to TypeScript, as `tf.dispose` and `Session.run` take.
 */
export type Batch = {
  /** float32, `[n, ...sample]`, scaled: 0 to 1 for images. */
  x: tf.Tensor;
  /** int32 `[n]` for labels; float32 `[n, classes]` where one-hot; float32 `[n, ...sample]` for other targets. */
  y: tf.Tensor;
};

/** The rows of a column as the inputs of a model: float32 and scaled. */
export function inputTensor(column: Column, rows: Uint32Array): tf.Tensor {
  const { data } = column;
  const size = sizeOf(column.shape);
  // A float32 factor, as the native runtime multiplies by: both then round alike.
  const scale = Math.fround(column.scale ?? 1);
  const values = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * size;
    const to = i * size;
    for (let j = 0; j < size; j++) values[to + j] = data[from + j]! * scale;
  }
  return tf.tensor(values, [rows.length, ...column.shape], 'float32');
}

/** The rows of a column as the targets of a model. */
export function targetTensor(column: Column, rows: Uint32Array): tf.Tensor {
  const { data, oneHot } = column;
  if (column.shape.length > 0 || data instanceof Float32Array) return inputTensor(column, rows);
  if (oneHot === undefined) {
    return tf.tensor(
      Int32Array.from(rows, (row) => data[row]!),
      [rows.length],
      'int32',
    );
  }
  const values = new Float32Array(rows.length * oneHot);
  for (let i = 0; i < rows.length; i++) values[i * oneHot + data[rows[i]!]!] = 1;
  return tf.tensor(values, [rows.length, oneHot], 'float32');
}
