import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dataset } from '../../src/datasets/index.js';
import { batchNormalization, dense } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import { adam } from '../../src/optimizers/index.js';
import { memory, setRandomSeed } from '../../src/runtime/index.js';

const ROWS = 24;
const x = Float32Array.from({ length: ROWS * 3 }, (_, i) => Math.sin(i));
const y = Uint8Array.from({ length: ROWS }, (_, i) => i % 3);
const data = Dataset.from(x, y, { shape: [3], numClasses: 3 });

function make(learningRate = 0.05) {
  setRandomSeed(3);
  const model = new Sequential([
    dense({ units: 8, activation: 'tanh', inputShape: [3] }),
    batchNormalization(),
    dense({ units: 3, activation: 'softmax' }),
  ]);
  const optimizer = adam({ learningRate });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const numbersOf = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);

describe('trainOnBatch', () => {
  for (const options of [{}, { classWeight: { 0: 3 } }, { sampleWeight: x.slice(0, ROWS).map(Math.abs) }]) {
    it(`does what fit does in one step, with ${Object.keys(options)[0] ?? 'no'} weights`, async () => {
      const [one, other] = [make(), make()];
      for (let epoch = 0; epoch < 3; epoch++) {
        const results = await one.trainOnBatch(data.x, data.y, options);
        const fit = { batchSize: ROWS, shuffle: false, verbose: 0, ...options } as const;
        const { history } = await other.fit(data.x, data.y, fit);
        assert.deepEqual(results, { loss: history.loss![0], accuracy: history.accuracy![0] });
      }
      assert.deepEqual(numbersOf(one), numbersOf(other));
      one.dispose();
      other.dispose();
    });
  }

  it('compiles once for each shape, and leaves nothing behind', async () => {
    const model = make();
    const step = async (rows: number) => {
      const batch = data.nextBatch(rows);
      await model.trainOnBatch(batch.x, batch.y);
      batch.x.dispose();
      batch.y.dispose();
    };
    await step(8);
    await step(5);
    const before = memory();
    for (const rows of [8, 5, 8]) await step(rows);
    assert.deepEqual(memory(), before);
    model.dispose();
  });

  it('refuses what fit refuses', async () => {
    const model = make(1e38);
    const wrong = (call: Promise<unknown>, code: string) => assert.rejects(call, { code });
    await wrong(model.trainOnBatch(data.x, [1, 2]), 'SHAPE_MISMATCH');
    await wrong(model.trainOnBatch(data.x, new Uint8Array(ROWS).fill(3)), 'DATA_INVALID');
    await wrong(model.trainOnBatch(data.x, data.y, { classWeights: {} } as never), 'UNKNOWN_NAME');
    const first = model.trainOnBatch(data.x, data.y);
    await wrong(model.trainOnBatch(data.x, data.y), 'INVALID_ARGUMENT');
    await first;
    await wrong(model.trainOnBatch(data.x, data.y), 'NON_FINITE_LOSS');
    model.dispose();
    await wrong(model.trainOnBatch(data.x, data.y), 'NOT_COMPILED');
  });
});
