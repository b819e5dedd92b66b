import '../../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BackupAndRestore, LambdaCallback } from '../../../src/callbacks/index.js';
import { Dataset } from '../../../src/datasets/index.js';
import * as layers from '../../../src/layers/index.js';
import { Sequential } from '../../../src/models/index.js';
import { TensorBoard } from '../../../src/report/tensorboard/callback.js';
import { native } from '../../../src/runtime/native.js';
import { setRandomSeed } from '../../../src/runtime/random.js';
import { countVariables } from '../../../src/runtime/variable.js';
import * as tf from '../../../src/tf.js';
import { hasCode } from '../../codes.js';
import { pythonWith } from '../../python.js';
import { readEvents } from './read-events.js';

/** Pictures of 8 x 8 whose brighter half is their class. */
const pixels = Uint8Array.from({ length: 40 * 64 }, (_, i) =>
  (i % 64 < 32 ? 0 : 1) === (i >> 6) % 2 ? 200 : i % 50,
);
const data = Dataset.from(
  pixels,
  Uint8Array.from({ length: 40 }, (_, i) => i % 2),
  { shape: [8, 8], scale: 1 / 255, numClasses: 2 },
);

const counts = () => [
  tf.memory().numTensors,
  native()!.binding.getNumOfTensors(),
  native()!.binding.functionCount,
  countVariables(),
];

describe('TensorBoard', () => {
  let logDir: string;
  let left: [before: number[], after: number[]];

  before(async () => {
    logDir = mkdtempSync(path.join(tmpdir(), 'tensorboard-'));
    const model = new Sequential([
      layers.flatten({ inputShape: [8, 8] }),
      layers.dense({ units: 6, activation: 'relu' }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ]);
    // One step a call: how many more are compiled depends on how fast they are.
    const compile = () =>
      model.compile({
        optimizer: 'sgd',
        loss: 'sparseCategoricalCrossentropy',
        metrics: ['accuracy'],
        stepsPerExecution: 1,
      });
    compile();
    const fit = (callbacks: TensorBoard[]) =>
      model.fit(data, { batchSize: 10, epochs: 3, validationData: data.slice(0, 10), callbacks, verbose: 0 });
    await fit([]);
    const start = counts();
    const hyperparameters = { optimizer: 'sgd', units: 6 };
    await fit([
      new TensorBoard({ logDir, histogramFreq: 2, updateFreq: 2, data: data.slice(0, 20), hyperparameters }),
    ]);
    // The compiled inspection stays with the model.
    compile();
    await fit([]);
    left = [start, counts()];
    model.dispose();
  });
  after(() => rmSync(logDir, { recursive: true }));

  it('writes results of epochs and batches as Keras calls them', () => {
    const train = readEvents(path.join(logDir, 'train')).values;
    const validation = readEvents(path.join(logDir, 'validation')).values;
    const stepsOf = (values: typeof train, tag: string) => values.get(tag)!.map(({ step }) => step);
    assert.deepEqual(stepsOf(train, 'epoch_loss'), [0, 1, 2]);
    assert.deepEqual(stepsOf(train, 'epoch_accuracy'), [0, 1, 2]);
    assert.deepEqual(stepsOf(train, 'epoch_learning_rate'), [0, 1, 2]);
    assert.deepEqual(stepsOf(train, 'batch_loss'), [1, 3, 5, 7, 9, 11]);
    assert.deepEqual(stepsOf(validation, 'epoch_accuracy'), [0, 1, 2]);
    assert.ok(!validation.has('batch_loss'));
  });

  it('writes the traced step, with a scope for each layer', () => {
    const { graphs } = readEvents(path.join(logDir, 'train'));
    assert.equal(graphs.length, 1);
    for (const part of [
      'dense/MatMul',
      'dense/kernel',
      'dense/ReadVariableOp',
      'metrics/accuracy',
      'dense_1/',
      'loss/',
      'gradients/',
      'optimizer/Resource',
      'metrics/',
    ]) {
      assert.ok(graphs[0]!.includes(part), part);
    }
  });

  it('writes histograms of weights, gradients and outputs, and pictures, every second epoch', () => {
    const { values } = readEvents(path.join(logDir, 'train'));
    for (const tag of [
      'dense/kernel/histogram',
      'dense_1/bias/gradient',
      'dense/output',
      'first_layer',
      'confusion_matrix',
    ]) {
      assert.deepEqual(
        values.get(tag)?.map(({ step }) => step),
        [0, 2],
        tag,
      );
    }
    assert.equal(values.get('samples')!.length, 1);
  });

  it('leaves nothing behind', () => assert.deepEqual(left[1], left[0]));

  it('of a training that was cut off goes on in its files: each step once, as in one that never stopped', async (t) => {
    const root = mkdtempSync(path.join(tmpdir(), 'tensorboard-resumed-'));
    t.after(() => rmSync(root, { recursive: true }));
    /** @param steps after which the process is as good as dead, if it is */
    const fit = async (name: string, steps?: number) => {
      setRandomSeed(1);
      const model = new Sequential([
        layers.flatten({ inputShape: [8, 8] }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ]);
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', stepsPerExecution: 1 });
      const logDir = path.join(root, name);
      let left = steps;
      const death = new LambdaCallback({
        onBatchEnd: () => {
          if (left !== undefined && left-- === 0) throw new Error('dead');
        },
      });
      try {
        await model.fit(data, {
          batchSize: 10,
          epochs: 3,
          validationData: data.slice(0, 10),
          verbose: 0,
          callbacks: [
            // With a checkpoint within the epoch.
            new BackupAndRestore({ backupDir: path.join(root, `${name}-backup`), saveFreq: 3 }),
            new TensorBoard({ logDir, updateFreq: 1, hyperparameters: { units: 2 } }),
            death,
          ],
        });
      } finally {
        model.dispose();
      }
    };
    await fit('whole');
    // Batches 6 and 7 were written, and are trained again.
    await assert.rejects(fit('cut', 8), /dead/);
    await fit('cut');
    for (const part of ['train', 'validation', '.']) {
      const [whole, cut] = ['whole', 'cut'].map((name) => {
        const folder = path.join(root, name, part);
        assert.equal(readdirSync(folder).filter((file) => file.includes('tfevents')).length, 1, folder);
        return readEvents(folder);
      });
      assert.equal(cut!.graphs.length, whole!.graphs.length);
      assert.deepEqual([...cut!.values.keys()], [...whole!.values.keys()]);
      for (const [tag, values] of whole!.values) {
        if (tag.startsWith('_hparams_')) continue; // they hold the time
        assert.deepEqual(cut!.values.get(tag), values, tag);
      }
    }
  });

  it('checks its options', () => {
    assert.throws(() => new TensorBoard({ histogramFreq: -1 }), hasCode('INVALID_ARGUMENT', 'histogramFreq'));
    assert.throws(() => new TensorBoard({ updateFreq: 0 }), hasCode('INVALID_ARGUMENT', 'updateFreq'));
  });

  it('is read by TensorBoard', async (t) => {
    const python = pythonWith('tensorboard');
    if (python === undefined) return t.skip('no Python with tensorboard: pip install tensorboard setuptools');
    const server = await serve(python, logDir);
    try {
      const get = async (what: string) => (await fetch(`${server.url}/data/plugin/${what}`)).text();
      const losses = JSON.parse(await get('scalars/scalars?run=train&tag=epoch_loss')) as number[][];
      assert.deepEqual(
        losses.map(([, step]) => step),
        [0, 1, 2],
      );
      const [histogram] = JSON.parse(await get('histograms/histograms?run=train&tag=dense/output')) as [
        [number, number, number[][]],
      ];
      assert.equal(
        histogram[2].reduce((sum, [, , count]) => sum + count!, 0),
        20 * 6,
      );
      const [picture] = JSON.parse(await get('images/images?run=train&tag=first_layer&sample=0')) as {
        query: string;
      }[];
      const png = await fetch(`${server.url}/data/plugin/images/individualImage?${picture!.query}`);
      assert.equal(Buffer.from(await png.arrayBuffer()).readUInt32BE(16), 2 * (6 * 9 - 1));
      assert.match(await get('graphs/graph?run=train'), /name: "dense\/MatMul_\d+"/);
      const layersGraph = await get('graphs/graph?run=train&tag=keras&conceptual=true');
      assert.match(layersGraph, /name: "sequential\/dense"[\s\S]*input: "sequential\/flatten"/);
      const experiment = await fetch(`${server.url}/data/plugin/hparams/experiment`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      assert.match(await experiment.text(), /"units"/);
    } finally {
      server.process.kill();
    }
  });
});

/** Starts TensorBoard, and waits until it has read the run. */
async function serve(python: string, logDir: string): Promise<{ process: ChildProcess; url: string }> {
  const args = ['-m', 'tensorboard.main', '--logdir', logDir, '--port', '0', '--host', '127.0.0.1'];
  const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      const match = /at (http:\/\/[^/\s]+)/.exec(said);
      if (match !== null) resolve(match[1]!);
    });
    child.on('exit', () => reject(new Error(said)));
  });
  for (;;) {
    const graphs = await (await fetch(`${url}/data/plugin/graphs/info`)).text();
    const scalars = await (await fetch(`${url}/data/plugin/scalars/tags`)).text();
    if (graphs.includes('train') && scalars.includes('validation')) return { process: child, url };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
