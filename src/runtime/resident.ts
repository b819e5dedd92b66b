import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import { DType } from './capi.js';
import { native } from './native.js';
import { nativeScope } from './op.js';

/** Values that can be kept as they came. */
export type ResidentArray = Uint8Array | Int32Array | Float32Array;

const arrayTypes = new WeakMap<tf.Tensor, ResidentArray>();

/**
 * Puts values where ops can gather rows from them, once, in their own type: bytes stay bytes. tfjs has no uint8
 * tensors: the result passes for an int32 tensor, and only `gatherRows` may be used on it. The caller disposes of it.
 */
export function resident(data: ResidentArray, shape: readonly number[]): tf.Tensor {
  const runtime = native();
  if (runtime !== undefined && data instanceof Uint8Array) {
    const id = runtime.binding.createTensor([...shape], DType.uint8, data);
    return runtime.backend.createOutputTensor({ id, shape: [...shape], dtype: DType.uint8 });
  }
  if (runtime !== undefined)
    return tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
  // Elsewhere rows are picked from the array itself: a tensor of all bytes would take four times the memory.
  const handle = tf.tensor1d([shape[0] ?? 0], 'int32');
  arrayTypes.set(handle, data);
  return handle;
}

/**
 * The rows of a resident at some places, or all of them, as float32 (or int32). Traced.
 *
 * @param source what `resident` returned, or any tensor
 * @param sampleShape the shape of one row
 * @param indices int32 [n]
 * @returns [n, ...sampleShape]
 * @throws CnnError NATIVE_OP_FAILED for an index out of range
 */
export function gatherRows(
  source: tf.Tensor,
  sampleShape: readonly number[],
  indices: tf.Tensor | undefined,
  dtype: 'float32' | 'int32',
): tf.Tensor {
  const array = arrayTypes.get(source);
  if (array !== undefined) {
    const all = () => tf.range(0, source.size, 1, 'int32');
    return tf.tidy(() => gatherFromArray(array, sampleShape, indices ?? all(), dtype));
  }
  return tf.tidy(() => {
    if (native() === undefined) {
      return (indices === undefined ? source : tf.gather(source, indices as tf.Tensor1D)).cast(dtype);
    }
    return nativeScope('GatherV2', ({ op, input, cast }) => {
      const [rows] =
        indices === undefined
          ? op('Identity', [input(source)])
          : op('GatherV2', [input(source), input(indices), input(tf.scalar(0, 'int32'))]);
      return rows!.dtype === DType[dtype] ? rows! : cast(rows!, dtype);
    });
  });
}

function gatherFromArray(
  array: ResidentArray,
  sampleShape: readonly number[],
  indices: tf.Tensor,
  dtype: 'float32' | 'int32',
): tf.Tensor {
  const places = indices.dataSync();
  const size = sampleShape.reduce((product, n) => product * n, 1);
  const rows = new (dtype === 'float32' ? Float32Array : Int32Array)(places.length * size);
  for (const [i, place] of places.entries()) {
    if (place < 0 || (place + 1) * size > array.length) {
      throw new CnnError('INVALID_ARGUMENT', `row ${place} is out of range`, { row: place });
    }
    rows.set(array.subarray(place * size, (place + 1) * size), i * size);
  }
  return tf.tensor(rows, [places.length, ...sampleShape], dtype);
}
