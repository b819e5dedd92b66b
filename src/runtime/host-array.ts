import * as tf from '../tf.js';

/** Nested arrays of numbers, as deep as the shape has dimensions. */
export type Nested = number | Nested[];

/**
 * Values in the program's own memory with their shape: what `predict`, `getWeights` and `Session.run` return. Nothing
 * to dispose of.
 *
 * @example
 * const scores = await model.predict(images); // HostArray of shape [n, 10]
 * scores.row(0);                              // Float32Array of 10
 */
export class HostArray {
  /** Its size along each axis. */
  readonly shape: readonly number[];
  /** In C order; booleans as 0 and 1 in a Uint8Array. */
  readonly data: Float32Array | Int32Array | Uint8Array;

  constructor(shape: readonly number[], data: Float32Array | Int32Array | Uint8Array) {
    this.shape = shape;
    this.data = data;
  }

  /** A tensor's values, waiting for them. The tensor remains the caller's. */
  static fromSync(tensor: tf.Tensor): HostArray {
    return new HostArray([...tensor.shape], tensor.dataSync() as Float32Array | Int32Array | Uint8Array);
  }

  /** Entry `i` of the first dimension, a view. */
  row(i: number): HostArray['data'] {
    const size = this.data.length / (this.shape[0] ?? 1);
    return this.data.subarray(i * size, (i + 1) * size);
  }

  /** The index of the largest value of each row: the predicted class of each sample. */
  argMax(): Int32Array {
    return Int32Array.from({ length: this.shape[0] ?? 1 }, (_, i) => {
      const row = this.row(i);
      return row.indexOf(Math.max(...row));
    });
  }

  /** As nested arrays. */
  toArray(): Nested {
    const build = (dims: readonly number[], offset: number): Nested => {
      const [length, ...rest] = dims;
      if (length === undefined) return this.data[offset]!;
      const stride = rest.reduce((product, n) => product * n, 1);
      return Array.from({ length }, (_, i) => build(rest, offset + i * stride));
    };
    return build(this.shape, 0);
  }

  /** As a tensor; the caller disposes of it. */
  toTensor(): tf.Tensor {
    const { data } = this;
    const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';
    return tf.tensor(data, [...this.shape], dtype);
  }
}
