// tfjs's kernels in plain JavaScript say what those for WebAssembly have to give.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';

/** Values without a pattern, some equal and some negative, the same at every call. */
function values(shape: number[], seed = 1): tf.Tensor {
  let state = seed * 2654435761;
  const numbers = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 16) % 64) / 16 - 2;
  });
  return tf.tensor(numbers, shape);
}

type Computation = () => tf.Tensor | tf.Tensor[];

async function compute(backend: string, computation: Computation) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => [computation()].flat());
  const found = results.map((t) => ({ dtype: t.dtype, shape: t.shape, values: [...t.dataSync()] }));
  tf.dispose(results);
  assert.equal(tf.memory().numTensors, before, `tensors left on ${backend}`);
  return found;
}

/** Runs a computation on both backends, which have to agree. */
async function agree(computation: Computation): Promise<void> {
  const expected = await compute('cpu', computation);
  const actual = await compute('wasm', computation);
  assert.equal(actual.length, expected.length);
  for (const [i, want] of expected.entries()) {
    const got = actual[i]!;
    assert.deepEqual([got.dtype, got.shape], [want.dtype, want.shape]);
    want.values.forEach((value, j) => {
      const difference = Math.abs(got.values[j]! - value);
      assert.ok(
        difference <= 1e-4 * Math.max(1, Math.abs(value)),
        `result ${i}, [${j}]: ${got.values[j]}, not ${value}`,
      );
    });
  }
}

describe('products of matrices', () => {
  const sizes = [
    [2, 3, 4],
    [70, 130, 33],
    [1, 300, 200],
  ] as const;
  for (const [m, k, n] of sizes) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      it(`${m} by ${k} by ${n}${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`, () =>
        agree(() => {
          const a = values(transposeA ? [k, m] : [m, k]);
          const b = values(transposeB ? [n, k] : [k, n], 2);
          return tf.matMul(a, b, transposeA, transposeB);
        }));
    }
  }

  it('many at once, and one matrix for many', () =>
    agree(() => [
      tf.matMul(values([3, 40, 50]), values([3, 60, 50], 2), false, true),
      tf.matMul(values([2, 3, 50, 40]), values([2, 3, 50, 30], 2), true, false),
      tf.matMul(values([3, 40, 50]), values([1, 50, 60], 2)),
      tf.matMul(values([1, 40, 50]), values([3, 50, 60], 2)),
    ]));

  it('leading dimensions broadcast both ways', async () => {
    await tf.setBackend('wasm'); // tfjs in plain JavaScript is wrong here
    tf.tidy(() => {
      const [a, b] = [values([2, 1, 40, 50]), values([3, 50, 60], 2)];
      const product = tf.matMul(a, b).reshape<tf.Tensor3D>([6, 40, 60]);
      const one = (x: tf.Tensor, i: number) => tf.unstack(x)[i]!.squeeze();
      for (let i = 0; i < 6; i++) {
        const expected = tf.matMul(one(a, Math.floor(i / 3)) as tf.Tensor2D, one(b, i % 3) as tf.Tensor2D);
        assert.ok(one(product, i).sub(expected).abs().max().dataSync()[0]! < 1e-4, `product ${i}`);
      }
    });
  });

  it('of whole numbers', () =>
    agree(() => tf.matMul(values([9, 60]).cast('int32'), values([60, 8], 2).cast('int32'))));

  it('with bias and activation at once', () =>
    agree(() =>
      (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const).flatMap((activation) =>
        [false, true].map((transposeB) =>
          tf.fused.matMul({
            a: values([20, 100]),
            b: values(transposeB ? [30, 100] : [100, 30], 2),
            transposeB,
            bias: values([30], 3),
            activation,
            leakyreluAlpha: 0.3,
            preluActivationWeights: activation === 'prelu' ? values([30], 4) : undefined,
          }),
        ),
      ),
    ));
});

describe('single values', () => {
  it('a cast to bool is true for all but zero', () =>
    agree(() => [
      tf.tensor1d([0, 0.5, -0.1, 256, 1]).cast('bool'),
      tf.tensor1d([0, 256, -1], 'int32').cast('bool'),
      tf.tensor1d([0, 1.7, -1.7]).cast('int32'),
    ]));

  it('clipping keeps NaN', () =>
    agree(() => tf.isNaN(tf.tensor1d([Number.NaN, -5, 5, 0.5]).clipByValue(-1, 1))));

  it('clipping', () => agree(() => values([100]).clipByValue(-0.5, 1)));
});

describe('sums and copies', () => {
  it('over any axes', () =>
    agree(() =>
      [undefined, 0, 1, 2, [0, 1], [0, 2], [1, 2], [0, 1, 2], -1].flatMap((axis) => [
        tf.sum(values([5, 6, 7]), axis),
        tf.sum(values([5, 6, 7]), axis, true),
        tf.sum(values([5, 6, 7]).cast('int32'), axis),
      ]),
    ));

  it('over nothing, and of nothing', () =>
    agree(() => [tf.sum(values([3, 4]), []), tf.sum(tf.zeros([0, 4]), 0), tf.sum(tf.zeros([4, 0]), 0)]));

  it('a copy outlives what it was made of', () =>
    agree(() => {
      const x = values([4, 5]);
      const copy = x.clone();
      x.dispose();
      return [copy.clone().add(1), copy];
    }));
});

describe('gradients of convolutions and pooling', () => {
  const images = [
    { height: 9, width: 8, filter: [3, 3], strides: [1, 1] },
    { height: 9, width: 8, filter: [3, 2], strides: [2, 2] },
    { height: 10, width: 7, filter: [1, 1], strides: [2, 1] },
    { height: 7, width: 10, filter: [2, 3], strides: [3, 2] },
    { height: 5, width: 5, filter: [5, 5], strides: [1, 1] },
  ] as const;
  for (const pad of ['valid', 'same', 1, 'explicit'] as const) {
    for (const { height, width, filter, strides } of images) {
      // With a number as padding tfjs takes filter and strides for square when it computes the output's shape.
      if (pad === 1 && (filter[0] !== filter[1] || strides[0] !== strides[1])) continue;
      const size = `${height} by ${width}, ${filter} filter, strides ${strides}, ${pad} padding`;
      const padding =
        pad === 'explicit'
          ? ([
              [0, 0],
              [1, 0],
              [0, 1],
              [0, 0],
            ] as [[number, number], [number, number], [number, number], [number, number]])
          : pad;

      it(`convolution of ${size}`, () =>
        agree(() => {
          const x = values([3, height, width, 4]) as tf.Tensor4D;
          const weights = values([...filter, 4, 5], 2) as tf.Tensor4D;
          const convolve = (image: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(image, w, [...strides], padding);
          const y = convolve(x, weights);
          return tf.grads((image, w) => convolve(image as tf.Tensor4D, w as tf.Tensor4D))(
            [x, weights],
            values(y.shape, 3),
          );
        }));

      if (pad === 'explicit') continue;
      it(`pooling of ${size}`, () =>
        agree(() => {
          const x = values([3, height, width, 4]) as tf.Tensor4D;
          const pools = [tf.maxPool, tf.avgPool] as const;
          return pools.map((pool) => {
            const y = pool(x, [...filter], [...strides], pad);
            return tf.grad((image) => pool(image as tf.Tensor4D, [...filter], [...strides], pad))(
              x,
              values(y.shape, 3) as tf.Tensor4D,
            );
          });
        }));
    }
  }

  it('transposed convolution', () =>
    agree(() => [
      tf.conv2dTranspose(
        values([2, 4, 5, 3]) as tf.Tensor4D,
        values([3, 3, 6, 3]) as tf.Tensor4D,
        [2, 8, 10, 6],
        2,
        'same',
      ),
      tf.conv2dTranspose(
        values([2, 4, 5, 3]) as tf.Tensor4D,
        values([3, 2, 6, 3]) as tf.Tensor4D,
        [2, 6, 6, 6],
        1,
        'valid',
      ),
    ]));
});

describe('kernels that tfjs has in plain JavaScript only', () => {
  it('gradients of depthwise convolution', () =>
    agree(() => {
      const [x, w] = [values([2, 6, 6, 3]) as tf.Tensor4D, values([3, 3, 3, 2], 2) as tf.Tensor4D];
      const convolve = (a: tf.Tensor, b: tf.Tensor) =>
        tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same');
      return tf.grads((a, b) => convolve(a!, b!))([x, w], values([2, 6, 6, 6], 3));
    }));

  it('einsum, and sums of segments', () =>
    agree(() => [
      tf.einsum('bij,bjk->bik', values([2, 3, 4]), values([2, 4, 5], 2)),
      tf.unsortedSegmentSum(values([4, 3]), tf.tensor1d([0, 2, 0, 1], 'int32'), 3),
    ]));

  it('the gradient of a gather', () =>
    agree(() => {
      const indices = tf.tensor1d([0, 2, 2, 1], 'int32');
      return tf.grad((x) => tf.gather(x, indices).square())(values([3, 5]));
    }));
});
