import { sizeOf } from '../shape.js';
/** The types a column may have in memory; data stays in the type it came in. */
export type ColumnData = Uint8Array | Int32Array | Float32Array;

/** One side of a data set, its inputs or its targets: the samples one after another, in C order. */
export interface Column {
  /** All elements, row after row. */
  readonly data: ColumnData;
  /** Shape of one sample: `[28, 28]` for an image, `[]` for a label. */
  readonly shape: readonly number[];
  /** Factor applied after the cast to float32, on use: 1/255 for images. Default 1. */
  readonly scale?: number;
  /** Labels only: number of classes to which a label is one-hot encoded, on use. */
  readonly oneHot?: number;
}

/** Rows `start` to `end` as a view on the same memory. */
export function columnSlice(column: Column, start: number, end: number): Column {
  const size = sizeOf(column.shape);
  return { ...column, data: column.data.subarray(start * size, end * size) };
}

/** The rows named by `rows`, in that order, copied. */
export function columnGather(column: Column, rows: Uint32Array): Column {
  const { data } = column;
  const size = sizeOf(column.shape);
  const length = rows.length * size;
  const gathered =
    data instanceof Float32Array
      ? new Float32Array(length)
      : data instanceof Int32Array
        ? new Int32Array(length)
        : new Uint8Array(length);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * size;
    gathered.set(data.subarray(from, from + size), i * size);
  }
  return { ...column, data: gathered };
}
