import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import * as tf from '../tf.js';

/**
 * What a function of the user's own gave: a loss, a metric, a layer.
 *
 * @param what it is: `'loss'`
 * @throws CnnError INVALID_ARGUMENT where it is no tensor
 */
export function requireTensor(what: string, name: string, value: unknown): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new CnnError('INVALID_ARGUMENT', `the ${what} "${name}" gave no tensor`, {
    expected: 'a tensor, made of tensor operations',
    received: describe(value),
  });
}
