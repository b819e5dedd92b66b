import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as layers from '../../src/layers/index.js';
import * as losses from '../../src/losses/index.js';
import * as metrics from '../../src/metrics/index.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import * as optimizers from '../../src/optimizers/index.js';
import * as schedules from '../../src/optimizers/schedules/index.js';
import { ready } from '../../src/runtime/backend.js';
import { readKeras } from '../../src/saving/keras/archive.js';
import * as tf from '../../src/tf.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-save-'));
const file = path.join(folder, 'model.keras');

function cnn(): Sequential {
  const model = new Sequential(
    [
      layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense({ units: 4, kernelRegularizer: 'l2' }),
      layers.dense({ units: 3, activation: 'softmax', trainable: false }),
    ],
    { name: 'cnn' },
  );
  model.compile({
    optimizer: optimizers.adam({
      learningRate: schedules.cosineDecay({ initialLearningRate: 0.05, decaySteps: 20 }),
      clipnorm: 1,
    }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', metrics.sparseTopKCategoricalAccuracy({ k: 2, name: 'top2' })],
    weightedMetrics: ['accuracy'],
    stepsPerExecution: 2,
  });
  return model;
}

let x: tf.Tensor;
let y: tf.Tensor;

function fit(model: Sequential, epochs = 2) {
  return model.fit(x, y, { batchSize: 8, epochs, shuffle: false, verbose: 0 });
}

before(async () => {
  await ready();
  x = tf.randomUniform([24, 6, 6, 1], -1, 1, 'float32', 1);
  y = tf.tensor1d(Int32Array.from({ length: 24 }, (_, i) => i % 3));
});
after(() => rmSync(folder, { recursive: true }));

describe('save and loadModel', () => {
  it('a loaded model predicts and trains on as the saved one, bit for bit', async () => {
    const model = cnn();
    await fit(model);
    await model.save(file);
    const loaded = await loadModel(file);
    assert.deepEqual((await loaded.predict(x)).data, (await model.predict(x)).data);
    assert.deepEqual((await fit(loaded)).history, (await fit(model)).history);
    assert.deepEqual(loaded.getWeights(), model.getWeights());
    assert.equal(loaded.name, 'cnn');
    assert.deepEqual(
      loaded.layers.map(({ name }) => name),
      model.layers.map(({ name }) => name),
    );
    model.dispose();
    loaded.dispose();
  });

  it('what is saved again is the same', async () => {
    const model = cnn();
    await fit(model, 1);
    const bytes = await model.toBytes();
    const loaded = await loadModel(bytes);
    const plain = (b: Uint8Array) => JSON.parse(JSON.stringify(readKeras(b, 'x')));
    assert.deepEqual(plain(await loaded.toBytes()), plain(bytes));
    model.dispose();
    loaded.dispose();
  });

  it('loads from a path, a URL and bytes', async () => {
    const model = cnn();
    await model.save(file);
    for (const source of [file, pathToFileURL(file), readFileSync(file)]) {
      const loaded = await loadModel(source);
      assert.deepEqual(loaded.getWeights(), model.getWeights());
      loaded.dispose();
    }
    model.dispose();
  });

  it('leaves compile away if told so', async () => {
    const model = cnn();
    await fit(model, 1);
    const loaded = await loadModel(await model.toBytes(), { compile: false });
    assert.equal(loaded.isCompiled, false);
    model.dispose();
    loaded.dispose();
  });

  it('leaves the state of the optimizer away if told so', async () => {
    const model = cnn();
    await fit(model, 1);
    const [whole, less] = [await model.toBytes(), await model.toBytes({ includeOptimizer: false })];
    assert.ok(less.length < whole.length);
    const loaded = await loadModel(less);
    assert.equal(loaded.isCompiled, true);
    assert.equal(loaded.optimizer.isBuilt, false);
    model.dispose();
    loaded.dispose();
  });

  it('keeps what compile was given', async () => {
    const model = new Sequential([layers.dense({ units: 1, inputShape: [2] })]);
    model.compile({ optimizer: 'sgd', loss: losses.huber({ delta: 0.5 }), metrics: ['mae'], jit: false });
    const { compiled } = await loadModel(await model.toBytes());
    assert.deepEqual(compiled.loss.getConfig(), losses.huber({ delta: 0.5 }).getConfig());
    assert.equal(compiled.options.jit, false);
    assert.deepEqual(compiled.options.metrics, [{ className: 'MeanAbsoluteError', config: { name: 'mae' } }]);
  });

  it('holds models that are not compiled, not built, or begin with an input layer', async () => {
    const flat = () => layers.flatten({ name: 'flat' });
    const notBuilt = await loadModel(await new Sequential([flat(), layers.dense({ units: 2 })]).toBytes());
    assert.equal(notBuilt.inputShape, undefined);
    assert.equal(notBuilt.layers.length, 2);
    const input = layers.inputLayer({ inputShape: [2, 3] });
    const withInput = await loadModel(await new Sequential([input, flat()]).toBytes());
    assert.deepEqual(withInput.inputShape, [null, 2, 3]);
    assert.deepEqual(
      withInput.layers.map(({ name }) => name),
      ['flat'],
    );
  });

  it('refuses by name what files cannot hold', async () => {
    const custom = new Sequential([
      layers.dense({ units: 2, activation: (t) => t.mul(2), name: 'mine', inputShape: [3] }),
    ]);
    await assert.rejects(custom.toBytes(), ({ code, details }) => {
      assert.deepEqual([code, details.layer, details.argument], ['UNSUPPORTED', 'mine', 'activation']);
      return true;
    });
    const model = new Sequential([layers.dense({ units: 2, inputShape: [3] })]);
    model.compile({ loss: (a, b) => a.sub(b).square().mean(-1) });
    await assert.rejects(model.toBytes(), { code: 'UNSUPPORTED' });
    model.compile({ loss: 'mse', metrics: [(a, b) => a.sub(b)] });
    await assert.rejects(model.toBytes(), { code: 'UNSUPPORTED' });
    model.compile({ loss: losses.huber({ delta: Number.POSITIVE_INFINITY }) });
    await assert.rejects(model.toBytes(), { code: 'UNSUPPORTED' });
    model.compile({ loss: 'mse', optimizer: optimizers.adamW({ excludeFromWeightDecay: ['bias'] }) });
    await assert.rejects(model.toBytes(), { code: 'UNSUPPORTED' });
  });

  it('leaves the old file, and nothing else, where saving fails', async () => {
    const place = mkdtempSync(path.join(folder, 'atomic-'));
    const target = path.join(place, 'model.keras');
    writeFileSync(target, 'old');
    const custom = new Sequential([layers.activation({ activation: (t) => t, inputShape: [3] })]);
    await assert.rejects(custom.save(target), { code: 'UNSUPPORTED' });
    assert.equal(readFileSync(target, 'utf8'), 'old');
    assert.deepEqual(readdirSync(place), ['model.keras']);
    await assert.rejects(custom.save(path.join(place, 'model.h5')), { code: 'INVALID_ARGUMENT' });
  });

  it('says what is wrong with a path', async () => {
    await assert.rejects(loadModel(path.join(folder, 'none.keras')), { code: 'FILE_NOT_FOUND' });
    await assert.rejects(loadModel(folder), { code: 'FILE_UNREADABLE' });
    const model = new Sequential([layers.flatten({ inputShape: [3] })]);
    await assert.rejects(model.save(path.join(folder, 'no', 'such', 'folder.keras')), {
      code: 'WRITE_FAILED',
    });
  });
});
