import type { Hash } from 'node:crypto';
import { type ArrayOptions, columnsFromArrays, type Numbers } from '../datasets/arrays.js';
import type { Column, ColumnData } from '../datasets/column.js';
import { CnnError } from '../errors.js';
import { gatherRows, resident } from '../runtime/resident.js';
import { type Shape, sizeOf } from '../shape.js';
import * as tf from '../tf.js';

/** Inputs or targets as people have them: a tensor, a data set's column, typed or nested arrays. */
export type ArrayLike = tf.Tensor | Column | Numbers;

/** How rows of a source become a tensor of the model; part of a traced function's signature. */
export interface RowFormat {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
  readonly scale: number;
  /** Depth of the one-hot encoding, 0 for none. */
  readonly oneHot: number;
}

/** Inputs, targets or weights in place for training: rows that traced functions gather from. */
export class Source {
  readonly rows: number;
  readonly format: RowFormat;
  /** What `takeRows` gathers from. */
  readonly values: tf.Tensor;
  /** The values in the program's own memory, where they came from there. */
  private readonly hostValues: ColumnData | undefined;

  private constructor(values: tf.Tensor, rows: number, format: RowFormat, hostValues?: ColumnData) {
    this.values = values;
    this.rows = rows;
    this.format = format;
    this.hostValues = hostValues;
  }

  /**
   * @param role `'x'` for inputs (always float32), `'y'` for targets (whole numbers without further shape are labels)
   * @param sampleShape the shape of one row of a flat typed array
   * @throws CnnError DTYPE_MISMATCH, SHAPE_MISMATCH, DATA_INVALID
   */
  static of(value: ArrayLike, role: 'x' | 'y', sampleShape?: Shape): Source {
    if (value instanceof tf.Tensor) return new Source(value, value.shape[0]!, formatOfTensor(value, role));
    const column = toColumn(value, role, sampleShape);
    const rows = rowsOf(column);
    const values = resident(column.data, [rows, ...column.shape]);
    return new Source(values, rows, formatOfColumn(column, role), column.data);
  }

  /** The values as they were given. */
  given(): ColumnData | tf.DataTypeMap['float32'] {
    return this.hostValues ?? this.values.dataSync<'float32'>();
  }

  /** The shape of what `takeRows` makes, batch dimension null. */
  get batchShape(): Shape {
    return batchShapeOf(this.format);
  }

  /** Takes the values, and how they are used, into a hash. */
  addTo(hash: Hash): void {
    const { buffer, byteOffset, byteLength } = this.hostValues ?? this.values.dataSync();
    hash.update(JSON.stringify([this.rows, this.format]));
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }

  dispose(): void {
    if (this.hostValues !== undefined) this.values.dispose();
  }
}

/** The shape of what `takeRows` makes, batch dimension null. */
export function batchShapeOf({ shape, oneHot }: RowFormat): Shape {
  return oneHot > 0 ? [null, oneHot] : [null, ...shape];
}

/** How rows of a tensor become one of the model. @throws CnnError DTYPE_MISMATCH */
export function formatOfTensor(tensor: tf.Tensor, role: 'x' | 'y'): RowFormat {
  const [rows, ...shape] = tensor.shape;
  if (rows === undefined || tensor.dtype === 'string' || tensor.dtype === 'complex64') {
    throw new CnnError('DTYPE_MISMATCH', `${role} cannot be used for training`, {
      argument: role,
      expected: 'a tensor of numbers of rank 1 or more',
      received: `${tensor.dtype}[${tensor.shape}]`,
    });
  }
  const dtype = role === 'y' && shape.length === 0 && tensor.dtype === 'int32' ? 'int32' : 'float32';
  return { shape, dtype, scale: 1, oneHot: 0 };
}

/** How rows of a column become a tensor of the model. */
export function formatOfColumn({ data, shape, scale = 1, oneHot = 0 }: Column, role: 'x' | 'y'): RowFormat {
  const isLabels = role === 'y' && shape.length === 0 && !(data instanceof Float32Array);
  return { shape: [...shape], dtype: isLabels ? 'int32' : 'float32', scale, oneHot };
}

/** Number of rows of a column. */
export function rowsOf({ data, shape }: Column): number {
  return data.length / sizeOf(shape);
}

/** Rows as the model takes them; all of them without indices. Traced. */
export function takeRows(values: tf.Tensor, format: RowFormat, indices?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const rows = gatherRows(values, format.shape, indices, format.dtype);
    if (format.oneHot > 0) return tf.oneHot(rows as tf.Tensor1D, format.oneHot).cast('float32');
    return format.scale === 1 ? rows : rows.mul(format.scale);
  });
}

function isColumn(value: Column | Numbers): value is Column {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}

/** Values as a column. @throws CnnError DTYPE_MISMATCH, SHAPE_MISMATCH, DATA_INVALID */
export function toColumn(value: Column | Numbers, role: 'x' | 'y', sampleShape: Shape | undefined): Column {
  if (isColumn(value)) return value;
  const isFlat = ArrayBuffer.isView(value) && sampleShape?.every((size) => size !== null);
  const options: ArrayOptions = isFlat ? { shape: sampleShape as number[] } : {};
  if (role === 'y') return columnsFromArrays(value, value, options).y;
  const { x } = columnsFromArrays(value, [0], options);
  if (x.data.length % sizeOf(x.shape) === 0) return x;
  throw new CnnError('SHAPE_MISMATCH', 'x is no whole number of samples', {
    argument: 'x',
    expected: `samples of shape [${x.shape}], ${sizeOf(x.shape)} numbers each`,
    received: `${x.data.length} numbers`,
  });
}
