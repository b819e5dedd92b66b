import { resident } from '../runtime/resident.js';
import { type Shape, sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import {
  type ArrayLike,
  batchShapeOf,
  formatOfColumn,
  formatOfTensor,
  type RowFormat,
  rowsOf,
  toColumn,
} from './source.js';

/** Inputs as they were given, of which a batch at a time is put where it is computed with. */
export class Samples {
  readonly count: number;
  readonly format: RowFormat;
  private readonly take: (first: number, last: number) => tf.Tensor;

  /**
   * @param sampleShape the shape of one sample in a flat typed array
   * @throws CnnError DTYPE_MISMATCH, SHAPE_MISMATCH, DATA_INVALID
   */
  constructor(x: ArrayLike, sampleShape: Shape | undefined) {
    if (x instanceof tf.Tensor) {
      this.format = formatOfTensor(x, 'x');
      this.count = x.shape[0]!;
      this.take = (first, last) => x.slice([first], [last - first]);
      return;
    }
    const column = toColumn(x, 'x', sampleShape);
    const { data, shape } = column;
    this.format = formatOfColumn(column, 'x');
    this.count = rowsOf(column);
    const size = sizeOf(shape);
    this.take = (first, last) => resident(data.subarray(first * size, last * size), [last - first, ...shape]);
  }

  /** The shape of a batch of them, batch dimension null. */
  get batchShape(): Shape {
    return batchShapeOf(this.format);
  }

  /** Values of some samples, for `takeRows`. The caller disposes of them. */
  place(first: number, last: number): tf.Tensor {
    return this.take(first, last);
  }
}
