import { columnsFromArrays, firstNonFinite, type NestedNumbers } from '../datasets/arrays.js';
import type { ColumnData } from '../datasets/column.js';
import { CnnError } from '../errors.js';
import { formatShape, isCompatible, type Shape } from '../shape.js';
import * as tf from '../tf.js';

/** One sample as people have it: its values in C order, nested arrays, or a tensor, without batch dimension. */
export type Sample = ColumnData | NestedNumbers | tf.Tensor;

/** A sample's values and shape. */
export interface SampleValues {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * @param expected the shape of a sample, where it is known; typed arrays then need no other
 * @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH, DATA_INVALID
 */
export function readSample(sample: Sample, expected: Shape | undefined): SampleValues {
  if (sample instanceof Float32Array && expected !== undefined && firstNonFinite(sample) < 0) {
    return fill(sample, expected);
  }
  if (sample instanceof tf.Tensor) return checked(ofTensor(sample), expected);
  const isFlat = ArrayBuffer.isView(sample);
  const { data, shape } = columnsFromArrays(isFlat ? sample : [sample], [0], {}).x;
  const values = Float32Array.from(data);
  return isFlat && expected !== undefined ? fill(values, expected) : checked({ values, shape }, expected);
}

function ofTensor(tensor: tf.Tensor): SampleValues {
  if (tensor.dtype === 'string' || tensor.dtype === 'complex64') {
    throw new CnnError('DTYPE_MISMATCH', 'the sample cannot be used for prediction', {
      argument: 'sample',
      expected: 'a tensor of numbers',
      received: `${tensor.dtype}[${tensor.shape}]`,
    });
  }
  const values = tensor.dataSync();
  return {
    values: values instanceof Float32Array ? values : Float32Array.from(values),
    shape: tensor.shape,
  };
}

/** Values one after the other, in the shape that is expected. */
function fill(values: Float32Array, expected: Shape): SampleValues {
  const size = expected.reduce<number>((product, extent) => product * (extent ?? Number.NaN), 1);
  if (values.length !== size) throw otherSample(expected, `${values.length} values`);
  return { values, shape: expected as readonly number[] };
}

function checked(sample: SampleValues, expected: Shape | undefined): SampleValues {
  if (expected === undefined || isCompatible(sample.shape, expected)) return sample;
  throw otherSample(expected, formatShape(sample.shape));
}

function otherSample(expected: Shape, received: string): CnnError {
  return new CnnError('SHAPE_MISMATCH', 'the model takes another sample', {
    argument: 'sample',
    expected: formatShape(expected),
    received,
    hint: expected.includes(null)
      ? 'Give it as nested arrays or as a tensor, which say its shape.'
      : 'predictOne takes one sample, without batch dimension; predict takes many.',
  });
}
