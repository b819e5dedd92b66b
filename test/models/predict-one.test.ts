import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as layers from '../../src/layers/index.js';
import { loadModel, Sequential } from '../../src/models/index.js';
import { HostArray, jit, memory } from '../../src/runtime/index.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';

const TOLERANCE = 1e-6;
const wave = (size: number, frequency: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * frequency));
const sample = wave(36, 0.7);

function makeModel({ jit = true } = {}): Sequential {
  const model = new Sequential([
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
    layers.batchNormalization(),
    layers.dropout({ rate: 0.5 }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', jit });
  return model;
}

async function expectAsPredict(model: Sequential, values = sample): Promise<void> {
  const shape = model.inputShape!.slice(1) as number[];
  const { data } = await model.predict(tf.tensor(values, [1, ...shape]));
  const one = model.predictOne(values);
  assert.equal(one.length, data.length);
  for (const [i, value] of one.entries()) {
    assert.ok(Math.abs(value - data[i]!) < TOLERANCE, `[${i}]: ${value}, not ${data[i]}`);
  }
}

/** So often, with turns of the event loop between, that XLA has compiled the model and was compared. */
async function predictOften(model: Sequential): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    model.predictOne(sample);
    await turn();
  }
}

for (const jit of [true, false]) {
  describe(`predictOne, jit: ${jit}`, () => {
    it('gives what predict gives, also after many calls, and after the weights change', async () => {
      const model = makeModel({ jit });
      await expectAsPredict(model);
      await predictOften(model);
      await expectAsPredict(model);
      const x = tf.tensor(wave(36 * 20, 0.3), [20, 6, 6, 1]);
      const before = model.predictOne(sample);
      await model.fit(
        x,
        Uint8Array.from({ length: 20 }, (_, i) => i % 3),
        { epochs: 2, verbose: 0 },
      );
      assert.notDeepEqual(model.predictOne(sample), before);
      await expectAsPredict(model);
      model.setWeights(
        model.getWeights().map((w, i) => new HostArray(w.shape, wave(w.data.length, i + 0.2).map(Math.abs))),
      );
      await expectAsPredict(model);
      model.dispose();
    });
  });
}

describe('predictOne', () => {
  it('takes typed arrays, nested arrays and tensors, and makes the weights where that has not happened', () => {
    const make = () =>
      new Sequential([layers.dense({ units: 2, useBias: false, kernelInitializer: 'ones' })]);
    for (const one of [
      [1, 2, 3],
      Uint8Array.of(1, 2, 3),
      Int32Array.of(1, 2, 3),
      Float32Array.of(1, 2, 3),
      tf.tensor1d([1, 2, 3]),
    ]) {
      const model = make();
      assert.deepEqual(model.predictOne(one), Float32Array.of(6, 6));
      assert.deepEqual(model.predictOne(one), Float32Array.of(6, 6));
      model.dispose();
    }
  });

  it('takes samples of any size where the model does', () => {
    const model = new Sequential([layers.globalMaxPooling1d({ inputShape: [null, 2] })]);
    assert.deepEqual(
      model.predictOne([
        [1, 2],
        [3, 0],
      ]),
      Float32Array.of(3, 2),
    );
    assert.deepEqual(model.predictOne([[5, 2]]), Float32Array.of(5, 2));
    assert.throws(() => model.predictOne(Float32Array.of(1, 2)), hasCode('SHAPE_MISMATCH'));
    model.dispose();
  });

  it('refuses other shapes, and what is not numbers', () => {
    const model = makeModel();
    for (const wrong of [sample.subarray(1), [...sample], tf.zeros([1, 6, 6, 1]), [[1], [2, 3]]]) {
      assert.throws(() => model.predictOne(wrong), hasCode('SHAPE_MISMATCH'));
    }
    assert.throws(
      () => model.predictOne(sample.map((v, i) => (i === 7 ? Number.NaN : v))),
      hasCode('DATA_INVALID'),
    );
    assert.throws(() => model.predictOne(tf.tensor(['a'])), hasCode('DTYPE_MISMATCH'));
    assert.throws(() => model.predictOne(Float64Array.of(1) as never), hasCode('DTYPE_MISMATCH'));
    model.dispose();
  });

  it('gives whole numbers as float32', () => {
    const model = new Sequential([layers.flatten({ inputShape: [2, 2] })]);
    assert.deepEqual(model.predictOne(Int32Array.of(1, 2, 3, 4)), Float32Array.of(1, 2, 3, 4));
    model.dispose();
  });

  it('follows layers that are added and taken away', () => {
    const model = new Sequential([layers.dense({ units: 2, kernelInitializer: 'ones', inputShape: [2] })]);
    assert.deepEqual(model.predictOne([1, 2]), Float32Array.of(3, 3));
    model.add(layers.dense({ units: 1, kernelInitializer: 'ones' }));
    assert.deepEqual(model.predictOne([1, 2]), Float32Array.of(6));
    model.pop();
    assert.deepEqual(model.predictOne([1, 2]), Float32Array.of(3, 3));
    model.dispose();
  });

  it('of a loaded model gives what the saved one gives', async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'model.keras');
    const model = makeModel();
    const before = model.predictOne(sample);
    await model.save(file);
    const loaded = await loadModel(file);
    assert.deepEqual(loaded.predictOne(sample), before);
    model.dispose();
    loaded.dispose();
  });

  it('cannot be read while jit traces', () => {
    const model = makeModel();
    const traced = jit((x: tf.Tensor) => x.add(model.predictOne(sample)[0]!));
    assert.throws(() => traced(tf.scalar(1)), hasCode('TRACE_READ'));
    model.dispose();
  });

  it('leaves nothing behind, and nothing more after 10,000 calls', async () => {
    const before = memory();
    const model = makeModel();
    model.predictOne(sample);
    await predictOften(model);
    const settled = memory();
    for (let i = 0; i < 10_000; i++) model.predictOne(sample);
    assert.deepEqual(memory(), settled);
    model.dispose();
    // Disposed of while XLA compiles it.
    const other = makeModel();
    for (let i = 0; i < 20; i++) other.predictOne(sample);
    other.dispose();
    const deadline = performance.now() + 60_000;
    while (memory().functions > before.functions && performance.now() < deadline) await turn();
    assert.deepEqual(memory(), before);
  });
});
