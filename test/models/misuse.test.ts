import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dense } from '../../src/layers/index.js';
import { sparseCategoricalCrossentropy } from '../../src/losses/index.js';
import { type CompileOptions, type FitOptions, Sequential } from '../../src/models/index.js';
import * as tf from '../../src/tf.js';

const x = Array.from({ length: 10 }, (_, i) => [i, 2 * i, 1]);
const labels = x.map((_, i) => i % 3);
const oneHot = labels.map((label) => [0, 1, 2].map((c) => Number(c === label)));
const quiet: FitOptions = { verbose: 0 };

function makeModel(options: Partial<CompileOptions> = {}, units = 3): Sequential {
  const model = new Sequential([dense({ units, activation: 'softmax', inputShape: [3] })]);
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', ...options });
  return model;
}

/** What nobody who writes TypeScript can pass. */
const untyped = (value: unknown) => value as never;

type Case = [
  what: string,
  options: Partial<CompileOptions>,
  y: unknown,
  error: { code: string; row?: number },
  units?: number,
];

describe('before the first step', () => {
  const withOne = <T>(list: readonly T[], value: T) => list.map((each, i) => (i === 4 ? value : each));
  const at4 = { code: 'DATA_INVALID', row: 4 };
  const cases: readonly Case[] = [
    ['a label too large', {}, withOne(labels, 3), at4],
    ['a label below 0', {}, withOne(labels, -1), at4],
    ['a label that is no whole number', {}, withOne(labels, 0.5), at4],
    ['a label too large among float32', {}, Float32Array.from(withOne(labels, 7)), at4],
    ['a label too large in a column', {}, withOne(labels, 7).map((label) => [label]), at4],
    ['a label too large in a tensor', {}, tf.tensor1d(withOne(labels, 7)), at4],
    [
      'a class for two',
      { loss: 'binaryCrossentropy' },
      withOne(labels, 2).map((v) => [v]),
      { code: 'DATA_INVALID' },
      1,
    ],
    ['a probability above 1', { loss: 'categoricalCrossentropy' }, withOne(oneHot, [0, 1.5, 0]), at4],
    ['labels for one-hot', { loss: 'categoricalCrossentropy' }, labels, { code: 'SHAPE_MISMATCH' }],
    ['one-hot for labels', {}, oneHot, { code: 'SHAPE_MISMATCH' }],
  ];
  for (const [what, options, y, { code, row }, units] of cases) {
    it(`is refused: ${what}`, async () => {
      const model = makeModel(options, units);
      const weights = model.getWeights();
      await assert.rejects(
        model.fit(x, untyped(y), quiet),
        (error: { code: string; details: { row?: number } }) => {
          assert.equal(error.code, code);
          if (row !== undefined) assert.equal(error.details.row, row);
          return true;
        },
      );
      assert.deepEqual(model.getWeights(), weights);
      model.dispose();
    });
  }

  it('a label that the loss ignores is none of these', async () => {
    const model = makeModel({ loss: sparseCategoricalCrossentropy({ ignoreClass: -1 }) });
    await model.fit(x, withOne(labels, -1), quiet);
    model.dispose();
  });

  it('options that do not exist, or cannot be, are refused by name', async () => {
    const model = makeModel();
    const wrong: [object, string, RegExp][] = [
      [{ epoch: 3 }, 'UNKNOWN_NAME', /"epochs"/],
      [{ validationBatchSize: 0, validationData: [x, labels] }, 'INVALID_ARGUMENT', /validationBatchSize/],
      [{ validationData: [x] }, 'INVALID_ARGUMENT', /validationData/],
      [{ validationData: { x, y: labels } }, 'INVALID_ARGUMENT', /validationData/],
      [{ callbacks: { onEpochEnd() {} } }, 'INVALID_ARGUMENT', /callbacks/],
      [{ verbose: 7 }, 'INVALID_ARGUMENT', /verbose/],
      [{ sampleWeight: labels.map(() => Number.NaN) }, 'DATA_INVALID', /sampleWeight/],
      [{ sampleWeight: [1, 2] }, 'SHAPE_MISMATCH', /sampleWeight/],
    ];
    for (const [options, code, message] of wrong) {
      await assert.rejects(model.fit(x, labels, untyped({ ...quiet, ...options })), { code, message });
    }
    await assert.rejects(model.fit(x, labels, untyped(5)), { code: 'INVALID_ARGUMENT' });
    await assert.rejects(model.evaluate(x, labels, untyped({ batch: 5 })), { code: 'UNKNOWN_NAME' });
    await assert.rejects(model.predict(x, untyped({ batchsize: 5 })), { code: 'UNKNOWN_NAME' });
    await assert.rejects(model.predict(new Float32Array(7)), { code: 'SHAPE_MISMATCH' });
    const compile = (options: unknown) => () => model.compile(untyped(options));
    assert.throws(compile(undefined), { code: 'INVALID_ARGUMENT' });
    assert.throws(compile({ loss: 'mse', metrics: 'accuracy' }), { code: 'INVALID_ARGUMENT' });
    assert.throws(compile({ loss: 'mse', metric: ['accuracy'] }), { code: 'UNKNOWN_NAME' });
    assert.throws(compile({ loss: 'mse', metrics: ['acuracy'] }), {
      code: 'UNKNOWN_NAME',
      message: /"accuracy"/,
    });
    assert.throws(compile({ loss: 'mse', weightedMetrics: [3] }), { code: 'INVALID_ARGUMENT' });
    model.dispose();
  });
});
