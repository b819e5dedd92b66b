import { type NativeScope, nativeScope } from '../runtime/op.js';
import type { SeedGenerator } from '../runtime/random.js';
import * as tf from '../tf.js';
import { canFuse, untracked } from './differentiable.js';

/**
 * Sets a fraction of the elements to zero and scales the others, so that the expected sum stays.
 *
 * @param rate the probability of zero, from 0 to 1
 * @param random gives each call a mask of its own
 * @param maskShape sizes of 1 where all elements along an axis share their fate. Default: the shape of x
 */
export function dropout(
  x: tf.Tensor,
  rate: number,
  random: SeedGenerator,
  maskShape: number[] = x.shape,
): tf.Tensor {
  if (rate === 0) return x.clone();
  if (rate === 1) return x.mul(tf.zerosLike(x));
  const mask = untracked(() =>
    keeps(maskShape, rate, random)
      .toFloat()
      .mul(1 / (1 - rate)),
  );
  return x.mul(mask);
}

/** Which elements stay, each with probability 1 - rate; bool. */
function keeps(shape: number[], rate: number, random: SeedGenerator): tf.Tensor {
  const isFine = rate < 1 / 256 || rate > 255 / 256;
  return canFuse() && !isFine ? keepsByBytes(shape, rate, random) : random.uniform(shape).greaterEqual(rate);
}

/**
 * The same from one random byte an element, a quarter of the bits of a float: random bits are most of what dropout
 * costs. The limit that a byte has to reach is `rate * 256` rounded up or down at random, once a draw, so that the
 * probability is exactly the rate.
 */
function keepsByBytes(shape: number[], rate: number, random: SeedGenerator): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const seed = random.next();
  return nativeScope('dropout', (scope) => {
    const words = draw(scope, 'StatelessRandomUniformFullInt', [Math.ceil(size / 8)], seed, 'uint64');
    const bytes = scope.op('Bitcast', [words], { type: 'uint8' })[0]!;
    const all = reshape(scope, bytes, [-1]);
    const enough = size % 8 === 0 ? all : slice(scope, all, size);
    const fraction = draw(
      scope,
      'StatelessRandomUniform',
      [],
      seed.add(tf.tensor1d([0, 2 ** 30], 'int32')),
      'float32',
    );
    const limit = scope.op('AddV2', [fraction, scope.input(tf.scalar(rate * 256))])[0]!;
    return scope.op('GreaterEqual', [reshape(scope, enough, shape), scope.cast(limit, 'uint8')])[0]!;
  });
}

type Value = ReturnType<NativeScope['input']>;

function draw(scope: NativeScope, op: string, shape: number[], seed: tf.Tensor, dtype: string): Value {
  return scope.op(op, [scope.input(tf.tensor1d(shape, 'int32')), scope.input(seed)], { dtype })[0]!;
}

function reshape(scope: NativeScope, value: Value, shape: number[]): Value {
  return scope.op('Reshape', [value, scope.input(tf.tensor1d(shape, 'int32'))])[0]!;
}

function slice(scope: NativeScope, value: Value, size: number): Value {
  return scope.op('Slice', [
    value,
    scope.input(tf.tensor1d([0], 'int32')),
    scope.input(tf.tensor1d([size], 'int32')),
  ])[0]!;
}
