// The model of a checkpoint can be had without going on with its training.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Callback, type ResumableTraining } from '../../src/callbacks/callback.js';
import { CnnError } from '../../src/errors.js';
import * as layers from '../../src/layers/index.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/saving/checkpoint.js';
import * as tf from '../../src/tf.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-checkpoint-model-'));
const file = path.join(folder, 'checkpoint.safetensors');
after(() => rmSync(folder, { recursive: true }));

class Saver extends Callback {
  private training: ResumableTraining | undefined;

  override onSetup(training: ResumableTraining): void {
    this.training = training;
  }

  override async onEpochEnd(): Promise<void> {
    await this.training!.save(file);
  }
}

describe('the model of a checkpoint', () => {
  let weights: HostArray[];
  let checkpoint: Checkpoint;

  before(async () => {
    await ready();
    const model = new Sequential([
      layers.inputLayer({ inputShape: [4, 4, 1] }),
      layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', kernelRegularizer: 'l2' }),
      layers.batchNormalization(),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 3 }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([8, 4, 4, 1]), tf.ones([8, 3])];
    await model.fit(x, y, { verbose: 0, callbacks: [new Saver()] });
    weights = model.getWeights();
    checkpoint = await readCheckpoint(file);
    model.dispose();
    tf.dispose([x, y]);
  });

  it('is the one that was trained', async () => {
    const model = await loadModel(file);
    assert.deepEqual(model.getWeights(), weights);
    assert.deepEqual(
      model.layers.map(({ name, className }) => [name, className]),
      [
        ['conv2d', 'Conv2D'],
        ['batch_normalization', 'BatchNormalization'],
        ['flatten', 'Flatten'],
        ['dropout', 'Dropout'],
        ['dense', 'Dense'],
      ],
    );
    assert.equal(model.isCompiled, false);
    model.dispose();
  });

  type Json = Record<string, unknown> & { config: Record<string, unknown> };
  const hostile: Readonly<Record<string, (model: Record<string, unknown>, dense: Json) => void>> = {
    'no layers': (model) => {
      model.layers = undefined;
    },
    'layers that are nothing': (model) => {
      model.layers = [null];
    },
    'a Lambda': (_, dense) => {
      dense.className = 'Lambda';
    },
    'a class of every object': (_, dense) => {
      dense.className = 'constructor';
    },
    'a config that is none': (_, dense) => {
      (dense as Record<string, unknown>).config = null;
    },
    'more units than weights': (_, dense) => {
      dense.config.units = 2 ** 30;
    },
    'another type of argument': (_, dense) => {
      dense.config.kernelInitializer = 5;
    },
    'an initializer of no class': (_, dense) => {
      dense.config.kernelInitializer = { className: null, config: null };
    },
    'a strange argument': (_, dense) => {
      dense.config.code = 'process.exit()';
    },
    'a billion weights': (_, dense) => {
      dense.weights = 1e9;
    },
    'fewer than no weights': (_, dense) => {
      dense.weights = -1;
    },
    'a shape of text': (model) => {
      model.inputShape = 'large';
    },
    'a huge shape': (model) => {
      model.inputShape = [null, 2 ** 30, 2 ** 30, 1];
    },
    'no name': (model) => {
      model.name = 7;
    },
  };
  for (const [name, change] of Object.entries(hostile)) {
    it(`is refused with ${name}`, async () => {
      const state = structuredClone(checkpoint.state) as {
        model: Record<string, unknown> & { layers: Json[] };
      };
      change(state.model, state.model.layers.at(-1)!);
      const bad = path.join(folder, 'bad.safetensors');
      await writeCheckpoint(bad, { ...checkpoint, state });
      await assert.rejects(
        loadModel(bad),
        (error) => error instanceof CnnError && ['FILE_CORRUPT', 'UNSUPPORTED'].includes(error.code),
      );
    });
  }

  it('is not in a file of weights', async () => {
    const bad = path.join(folder, 'bytes.safetensors');
    const state = { model: null };
    await writeCheckpoint(bad, { tensors: new Map([['x', new HostArray([1], Uint8Array.of(1))]]), state });
    await assert.rejects(loadModel(bad), { code: 'FILE_CORRUPT' });
    const model = new Sequential([layers.dense({ units: 1, inputShape: [1] })]);
    await model.saveWeights(bad);
    await assert.rejects(loadModel(bad), { code: 'FILE_CORRUPT' });
    model.dispose();
  });
});
