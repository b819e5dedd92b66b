import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { firstNonFinite } from '../../src/datasets/arrays.js';
import { Dataset } from '../../src/datasets/dataset.js';
import { CnnError, type ErrorCode } from '../../src/errors.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';

before(async () => {
  await ready();
});

/** Ten images of two pixels, of which the first is the image's own number. */
function ten(): Dataset {
  const x = Uint8Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i / 2 : 255));
  const y = Uint8Array.from({ length: 10 }, (_, i) => i % 3);
  return Dataset.from(x, y, { name: 'ten', shape: [1, 2], scale: 1 / 255, numClasses: 3 });
}

/** Numbers of the images in the next batch. */
function nextNumbers(dataset: Dataset, n: number): number[] {
  return tf.tidy(() => {
    const { x } = dataset.nextBatch(n);
    return Array.from({ length: n }, (_, i) => Math.round(x.dataSync()[2 * i]! * 255));
  });
}

function throws(code: ErrorCode, action: () => unknown, details: Record<string, unknown> = {}): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof CnnError, String(error));
    assert.equal(error.code, code, error.message);
    for (const [key, value] of Object.entries(details)) assert.deepEqual(error.details[key], value);
    return true;
  });
}

describe('Dataset', () => {
  it('gives images and labels by index, as views', () => {
    const dataset = ten();
    assert.equal(dataset.size, 10);
    assert.deepEqual(dataset.image(3), Uint8Array.of(3, 255));
    assert.equal(dataset.image(3).buffer, dataset.x.data.buffer);
    assert.equal(dataset.label(4), 1);
    for (const index of [-1, 10, 1.5, Number.NaN]) {
      throws('INVALID_ARGUMENT', () => dataset.image(index));
      throws('INVALID_ARGUMENT', () => dataset.label(index));
    }
  });

  it('slices without copying', () => {
    const part = ten().slice(2, 5);
    assert.equal(part.size, 3);
    assert.deepEqual(
      [0, 1, 2].map((i) => part.image(i)[0]),
      [2, 3, 4],
    );
    assert.deepEqual(
      [0, 1, 2].map((i) => part.label(i)),
      [2, 0, 1],
    );
    assert.equal(part.slice(1).size, 2);
    assert.equal(part.x.data.byteOffset, 4);
    for (const [start, end] of [
      [-1, 3],
      [3, 2],
      [0, 11],
      [0.5, 2],
    ]) {
      throws('INVALID_ARGUMENT', () => ten().slice(start!, end));
    }
  });

  it('splits by counts and by fractions, in order', () => {
    for (const sizes of [
      { validation: 2, test: 1 },
      { validation: 0.2, test: 0.1 },
    ]) {
      const { train, validation, test } = ten().split(sizes);
      assert.deepEqual([train.size, validation.size, test.size], [7, 2, 1]);
      assert.deepEqual(
        [train, validation, test].map((part) => part.image(0)[0]),
        [0, 7, 9],
      );
      assert.equal(validation.name, 'ten/validation');
    }
    assert.equal(ten().split({}).train.size, 10);
    for (const sizes of [{ validation: 10 }, { validation: 0.6, test: 0.4 }, { test: -1 }, { test: 1.5 }]) {
      throws('INVALID_ARGUMENT', () => ten().split(sizes));
    }
  });

  it('shuffles samples together with their labels, by seed', () => {
    const numbers = (dataset: Dataset) => Array.from({ length: 10 }, (_, i) => dataset.image(i)[0]!);
    const shuffled = ten().shuffle(1);
    const order = numbers(shuffled);
    assert.deepEqual(order.toSorted(), numbers(ten()));
    assert.deepEqual(numbers(ten().shuffle(1)), order);
    assert.notDeepEqual(numbers(ten().shuffle(2)), order);
    for (let i = 0; i < 10; i++) assert.equal(shuffled.label(i), order[i]! % 3);
    throws('INVALID_ARGUMENT', () => ten().shuffle(0.5));
  });

  it('reshapes samples, keeping their number of values', () => {
    assert.deepEqual(ten().reshape([2]).x.shape, [2]);
    throws('SHAPE_MISMATCH', () => ten().reshape([3]));
  });

  it('makes tensors of a batch: scaled inputs, int32 or one-hot targets', () => {
    tf.tidy(() => {
      const [first] = ten().batches(2);
      assert.deepEqual([first!.x.dtype, first!.x.shape], ['float32', [2, 1, 2]]);
      assert.deepEqual(first!.x.dataSync(), Float32Array.of(0, 1, Math.fround(1 / 255), 1));
      assert.deepEqual([first!.y.dtype, first!.y.shape], ['int32', [2]]);
      assert.deepEqual(first!.y.dataSync(), Int32Array.of(0, 1));
      const [encoded] = ten().oneHot().batches(3);
      assert.deepEqual(
        [encoded!.y.dtype, encoded!.y.arraySync()],
        [
          'float32',
          [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
        ],
      );
      assert.deepEqual(ten().oneHot(4).nextBatch(1).y.shape, [1, 4]);
    });
    throws('DATA_INVALID', () => ten().oneHot(2), { index: 2, received: '2' });
    throws('INVALID_ARGUMENT', () => Dataset.from([[1]], [0]).oneHot());
  });

  it('gives all samples in order, fewer in the last batch', () => {
    tf.tidy(() => {
      const batches = [...ten().batches(4)];
      assert.deepEqual(
        batches.map(({ x }) => x.shape[0]),
        [4, 4, 2],
      );
    });
    throws('INVALID_ARGUMENT', () => ten().batches(0).next());
  });

  it('nextBatch shows every sample once an epoch, across the borders of epochs, in a new order each', () => {
    const dataset = ten();
    const seen = Array.from({ length: 10 }, () => nextNumbers(dataset, 3)).flat();
    assert.equal(dataset.epochsCompleted, 3);
    const epochs = [0, 10, 20].map((start) => seen.slice(start, start + 10));
    for (const epoch of epochs) assert.deepEqual(epoch.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.notDeepEqual(epochs[0], epochs[1]);
    assert.notDeepEqual(epochs[1], epochs[2]);
  });

  it('nextBatch repeats itself from the same seed', () => {
    const [one, other] = [ten(), ten()];
    const epoch = nextNumbers(one, 10);
    assert.deepEqual(nextNumbers(other, 10), epoch);
    nextNumbers(one, 3);
    one.rewind();
    assert.deepEqual(nextNumbers(one, 10), epoch);
    one.rewind(5);
    assert.notDeepEqual(nextNumbers(one, 10), epoch);
    other.rewind(5);
    one.rewind(5);
    assert.deepEqual(nextNumbers(one, 10), nextNumbers(other, 10));
  });

  it('nextBatch refuses sizes that make no batch, and leaves no tensors behind', () => {
    for (const n of [0, -1, 2.5, 11]) throws('INVALID_ARGUMENT', () => ten().nextBatch(n));
    const before = tf.memory().numTensors;
    const { x, y } = ten().nextBatch(10);
    assert.equal(tf.memory().numTensors, before + 2);
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('Dataset.from', () => {
  it('takes nested arrays', () => {
    const dataset = Dataset.from([[[0, 1]], [[2, 3]], [[4, 5]]], [0, 1, 1], { numClasses: 2 });
    assert.deepEqual(dataset.x, { data: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [1, 2] });
    assert.deepEqual(dataset.y, { data: Int32Array.of(0, 1, 1), shape: [] });
    const regression = Dataset.from(
      [[1], [2]],
      [
        [0.5, 1],
        [1, 2],
      ],
    );
    assert.deepEqual(regression.y, { data: Float32Array.of(0.5, 1, 1, 2), shape: [2] });
    throws('INVALID_ARGUMENT', () => regression.label(0));
  });

  it('takes typed arrays without a copy, flat where no shape is given', () => {
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    const dataset = Dataset.from(x, Int32Array.of(0, 1));
    assert.equal(dataset.x.data, x);
    assert.deepEqual(dataset.x.shape, [3]);
    assert.deepEqual(Dataset.from(x, x, { targetShape: [3] }).y.shape, [3]);
  });

  const bad: [string, ErrorCode, () => unknown][] = [
    ['ragged arrays', 'SHAPE_MISMATCH', () => Dataset.from([[1, 2], [3]], [0, 1])],
    ['arrays of uneven depth', 'SHAPE_MISMATCH', () => Dataset.from([[1], 2], [0, 1])],
    ['deeper arrays among numbers', 'DATA_INVALID', () => Dataset.from([1, [2]], [0, 1])],
    ['fewer targets than samples', 'SHAPE_MISMATCH', () => Dataset.from([[1], [2]], [0])],
    ['part of a sample', 'SHAPE_MISMATCH', () => Dataset.from(new Uint8Array(7), [0, 1])],
    ['a wrong shape', 'SHAPE_MISMATCH', () => Dataset.from(new Uint8Array(8), [0, 1], { shape: [3] })],
    ['a shape with a hole', 'SHAPE_MISMATCH', () => Dataset.from(new Uint8Array(8), [0, 1], { shape: [0] })],
    ['NaN', 'DATA_INVALID', () => Dataset.from([[Number.NaN]], [0])],
    ['NaN in a typed array', 'DATA_INVALID', () => Dataset.from(Float32Array.of(1, Number.NaN), [0, 1])],
    ['infinite targets', 'DATA_INVALID', () => Dataset.from([[1]], [Number.POSITIVE_INFINITY])],
    ['a label that is no class', 'DATA_INVALID', () => Dataset.from([[1]], [3], { numClasses: 3 })],
    ['a negative label', 'DATA_INVALID', () => Dataset.from([[1]], [-1], { numClasses: 3 })],
    ['fractional labels', 'DTYPE_MISMATCH', () => Dataset.from([[1]], [0.5], { numClasses: 3 })],
    ['strings', 'DATA_INVALID', () => Dataset.from(JSON.parse('[["1"]]'), [0])],
    [
      'other arrays',
      'DTYPE_MISMATCH',
      () => Dataset.from(new Float64Array(2) as unknown as Float32Array, [0, 1]),
    ],
  ];
  for (const [what, code, action] of bad) {
    it(`refuses ${what}`, () => throws(code, action));
  }

  it('says which number of a typed array is not finite, wherever it stands', () => {
    for (const length of [1, 3, 4, 9]) {
      for (let place = 0; place < length; place++) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const values = new Float32Array(length).fill(-3.4e38);
          assert.equal(firstNonFinite(values), -1);
          values[place] = bad;
          assert.equal(firstNonFinite(values), place);
        }
      }
    }
  });
});
