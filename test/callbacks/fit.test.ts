import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CSVLogger, EarlyStopping, LambdaCallback, ReduceLROnPlateau } from '../../src/callbacks/index.js';
import { dense } from '../../src/layers/index.js';
import { type FitOptions, Sequential } from '../../src/models/index.js';
import { sgd } from '../../src/optimizers/index.js';
import { native } from '../../src/runtime/native.js';
import * as tf from '../../src/tf.js';

const x = tf.tensor2d([[0], [1], [2], [3]]);
const y = tf.tensor2d([[1], [3], [5], [7]]);
const options: FitOptions = { verbose: 0, epochs: 6, validationData: [x, y] };

function makeModel(): Sequential {
  const model = new Sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'mse', metrics: ['mae'] });
  return model;
}

const weightsOf = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);

describe('callbacks in fit', () => {
  it('EarlyStopping puts the best weights back, and leaks nothing', async () => {
    const counts = () => [tf.memory().numTensors, native()?.binding.getNumOfTensors()];
    // Tensors get their native handles with their first use.
    tf.dispose([x.neg(), y.neg()]);
    const before = counts();
    const model = makeModel();
    let best: number[][] = [];
    const spoiler = new LambdaCallback({
      onEpochBegin(epoch) {
        if (epoch < 3) return;
        best = epoch === 3 ? weightsOf(model) : best;
        tf.tidy(() => model.setWeights([tf.tensor2d([[100]]), tf.tensor1d([100])]));
      },
    });
    const stopping = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    const { epoch, stopReason } = await model.fit(x, y, { ...options, callbacks: [spoiler, stopping] });
    assert.deepEqual([epoch.length, stopping.bestEpoch], [5, 2]);
    assert.match(stopReason ?? '', /val_loss/);
    assert.deepEqual(weightsOf(model), best);
    model.dispose();
    assert.deepEqual(counts(), before);
  });

  it('know the names of what fit reports, and which way is better', async () => {
    const model = makeModel();
    let results: unknown;
    const looker = new LambdaCallback({
      onTrainBegin(control) {
        results = control.results;
      },
    });
    await model.fit(x, y, { ...options, epochs: 1, callbacks: [looker] });
    assert.deepEqual(results, { loss: 'down', mae: 'down', val_loss: 'down', val_mae: 'down' });
    await assert.rejects(model.fit(x, y, { verbose: 0, callbacks: [new EarlyStopping()] }), {
      code: 'UNKNOWN_NAME',
    });
    model.dispose();
  });

  it('ReduceLROnPlateau changes the rate of the compiled step', async () => {
    const model = makeModel();
    const reduce = new ReduceLROnPlateau({ patience: 1, minDelta: 1e9, factor: 0 });
    await model.fit(x, y, { ...options, epochs: 2, callbacks: [reduce] });
    assert.equal(model.optimizer.learningRate, 0);
    const before = weightsOf(model);
    await model.fit(x, y, { ...options, epochs: 1 });
    assert.deepEqual(weightsOf(model), before);
    model.dispose();
  });

  it('CSVLogger writes what history holds', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cnn-callbacks-'));
    const filename = path.join(folder, 'history.csv');
    const model = makeModel();
    const { history } = await model.fit(x, y, {
      ...options,
      validationFreq: 2,
      callbacks: [new CSVLogger({ filename })],
    });
    const [header, ...rows] = (await readFile(filename, 'utf8')).trim().split('\n');
    assert.equal(header, 'epoch,loss,mae,val_loss,val_mae');
    assert.deepEqual(
      rows.map((row) => Number(row.split(',')[1])),
      history.loss,
    );
    assert.deepEqual(
      rows
        .map((row) => row.split(',')[3])
        .filter((cell) => cell !== 'NA')
        .map(Number),
      history.val_loss,
    );
    model.dispose();
    await rm(folder, { recursive: true });
  });
});
