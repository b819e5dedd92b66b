import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import { HostArray } from '../runtime/host-array.js';
import type { Variable } from '../runtime/variable.js';
import { formatShape, isCompatible } from '../shape.js';
import * as tf from '../tf.js';

/** Copies of the values of some weights. */
export function readWeights(weights: readonly Variable[]): HostArray[] {
  return weights.map((weight) => {
    const value = weight.read();
    const copy = HostArray.fromSync(value);
    value.dispose();
    return copy;
  });
}

/**
 * Sets weights to values in their order, all of them or none.
 *
 * @param owner what they belong to, for messages: `model "sequential"`
 * @throws CnnError INVALID_ARGUMENT, SHAPE_MISMATCH; then none has changed
 */
export function assignWeights(
  owner: string,
  weights: readonly Variable[],
  values: readonly (HostArray | tf.Tensor)[],
): void {
  if (!Array.isArray(values)) {
    throw new CnnError('INVALID_ARGUMENT', `${owner} is given no list of weights`, {
      argument: 'values',
      expected: 'a list of HostArrays, as getWeights gives them, or of tensors',
      received: describe(values),
    });
  }
  if (values.length !== weights.length) {
    throw new CnnError('SHAPE_MISMATCH', `${owner} has another number of weights`, {
      expected: String(weights.length),
      received: String(values.length),
    });
  }
  for (const [i, weight] of weights.entries()) {
    const value: unknown = values[i];
    if (!(value instanceof HostArray || value instanceof tf.Tensor)) {
      throw new CnnError('INVALID_ARGUMENT', `weight ${i} ("${weight.name}") is given no values`, {
        weight: weight.name,
        expected: 'a HostArray, as getWeights gives it, or a tensor',
        received: describe(value),
      });
    }
    if (isCompatible(value.shape, weight.shape)) continue;
    throw new CnnError('SHAPE_MISMATCH', `weight ${i} ("${weight.name}") has another shape`, {
      weight: weight.name,
      expected: formatShape(weight.shape),
      received: formatShape(value.shape),
    });
  }
  tf.tidy(() => {
    for (const [i, weight] of weights.entries()) {
      const value = values[i]!;
      weight.assign(value instanceof HostArray ? value.toTensor() : value);
    }
  });
}
