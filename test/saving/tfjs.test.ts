// Layers models go both ways between this package and tfjs-layers.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type * as TfjsCore from '@tensorflow/tfjs-core';
import type * as TfjsLayers from '@tensorflow/tfjs-layers';
import * as layers from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';
import type { Json } from './hostile/good.js';

// The packages themselves, beside our own bundle of them.
const require = createRequire(import.meta.url);
const tfjs = require('@tensorflow/tfjs-core') as typeof TfjsCore;
require('@tensorflow/tfjs-backend-cpu');
const tfl = require('@tensorflow/tfjs-layers') as typeof TfjsLayers;

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-tfjs-'));
const file = path.join(folder, 'model.json');
const binary = path.join(folder, 'model.weights.bin');

/** What a test writes of a model, by our names and by theirs, which are the same. */
type Build = (l: typeof layers) => Layer[];

const MODELS: Readonly<Record<string, { inputShape: number[]; build: Build }>> = {
  mlp: {
    inputShape: [5],
    build: (l) => [
      l.dense({
        units: 4,
        activation: 'relu',
        kernelInitializer: 'heNormal',
        inputShape: [5],
      }),
      l.batchNormalization({ momentum: 0.9 }),
      l.dropout({ rate: 0.5 }),
      l.leakyReLU(),
      l.dense({ units: 3, activation: 'softmax', useBias: false }),
    ],
  },
  cnn: {
    inputShape: [8, 8, 2],
    build: (l) => [
      l.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', inputShape: [8, 8, 2] }),
      l.reLU({ maxValue: 6 }),
      l.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }),
      l.separableConv2d({ filters: 3, kernelSize: 2, activation: 'sigmoid' }),
      l.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 }),
      l.upSampling2d({ size: [2, 2] }),
      l.zeroPadding2d({ padding: [1, 1] }),
      l.maxPooling2d({ poolSize: 2 }),
      l.averagePooling2d({ poolSize: 2, strides: [1, 1] }),
      l.gaussianNoise({ stddev: 0.1 }),
      l.flatten(),
      l.dense({ units: 2 }),
    ],
  },
  sequence: {
    inputShape: [6, 3],
    build: (l) => [
      l.conv1d({ filters: 4, kernelSize: 2, activation: 'tanh', dilationRate: 2, inputShape: [6, 3] }),
      l.layerNormalization(),
      l.maxPooling1d({ poolSize: 2 }),
      l.permute({ dims: [2, 1] }),
      l.globalAveragePooling1d({}),
      l.repeatVector({ n: 3 }),
      l.averagePooling1d({ poolSize: 2, strides: 1 }),
      l.reshape({ targetShape: [-1, 2] }),
      l.softmax({ axis: -1 }),
    ],
  },
  words: {
    inputShape: [4],
    build: (l) => [
      l.embedding({ inputDim: 5, outputDim: 3, inputShape: [4] } as never),
      l.globalMaxPooling1d({}),
      l.dense({ units: 2, activation: 'gelu' }),
    ],
  },
  images: {
    inputShape: [4, 4, 2],
    build: (l) => [
      l.activation({ activation: 'elu', inputShape: [4, 4, 2] }),
      l.globalMaxPooling2d({}),
      l.dense({ units: 2 }),
    ],
  },
};

before(async () => {
  await ready();
  await tfjs.setBackend('cpu');
});
after(() => rmSync(folder, { recursive: true }));

/** Inputs, the same for both. */
function inputs(shape: readonly number[]): number[] {
  const size = 3 * shape.reduce((a, b) => a * b, 1);
  // Words, where the input is a list of them.
  return Array.from({ length: size }, (_, i) => (shape.join() === '4' ? i % 5 : Math.sin(i * 1.7)));
}

function theirs(model: TfjsLayers.LayersModel, shape: readonly number[]): number[] {
  return [...(model.predict(tfjs.tensor(inputs(shape), [3, ...shape])) as TfjsCore.Tensor).dataSync()];
}

async function ours(model: Sequential, shape: readonly number[]): Promise<number[]> {
  const x = tf.tensor(inputs(shape), [3, ...shape]);
  const { data } = await model.predict(x);
  x.dispose();
  return [...data];
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(actual[i]! - value) <= 1e-5 * Math.max(1, Math.abs(value)),
      `${i}: ${actual[i]}, ${value}`,
    );
  }
}

/** Saves one of theirs as their own file system handler does. */
async function saveTheirs(model: TfjsLayers.LayersModel): Promise<void> {
  await model.save(
    tfjs.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(file, JSON.stringify({ modelTopology, weightsManifest, format: 'layers-model' }));
      writeFileSync(path.join(folder, 'weights.bin'), Buffer.from(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}

async function loadTheirs(): Promise<TfjsLayers.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(file, 'utf8'));
  const weightData = new Uint8Array(readFileSync(binary)).buffer;
  return tfl.loadLayersModel(
    tfjs.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
}

describe('layers models of TensorFlow.js', () => {
  for (const [name, { inputShape, build }] of Object.entries(MODELS)) {
    it(`${name}: one of theirs predicts here as there`, async () => {
      const model = tfl.sequential({ layers: build(tfl.layers as unknown as typeof layers) as never });
      await saveTheirs(model);
      const loaded = await loadModel(file);
      assertClose(await ours(loaded, inputShape), theirs(model, inputShape));
      loaded.dispose();
    });

    it(`${name}: one of ours predicts there as here`, async () => {
      const model = new Sequential(build(layers));
      await model.save(file);
      assertClose(theirs(await loadTheirs(), inputShape), await ours(model, inputShape));
      const again = await loadModel(file);
      assert.deepEqual(again.getWeights(), model.getWeights());
      model.dispose();
      again.dispose();
    });
  }

  it('refuses what tfjs-layers lacks', async () => {
    for (const layer of [
      layers.conv2d({ filters: 2, kernelSize: 1, groups: 2, inputShape: [4, 4, 2] }),
      layers.activation({ activation: 'celu', inputShape: [4] }),
      layers.activation({ activation: 'hardSigmoid', inputShape: [4] }),
      layers.upSampling2d({ interpolation: 'bilinear', inputShape: [4, 4, 2] }),
      layers.globalMaxPooling2d({ keepdims: true, inputShape: [4, 4, 2] }),
      layers.conv1d({ filters: 2, kernelSize: 2, padding: 'causal', inputShape: [4, 2] }),
    ]) {
      await assert.rejects(new Sequential([layer]).save(file), { code: 'UNSUPPORTED' });
    }
  });

  it('keeps regularizers and initializers', async () => {
    const model = new Sequential([
      layers.dense({ units: 2, inputShape: [3], kernelRegularizer: 'l2', kernelInitializer: 'heNormal' }),
    ]);
    await model.save(file);
    const [dense] = (await loadTheirs()).layers;
    assert.deepEqual((dense!.getConfig() as Json).kernelRegularizer, {
      className: 'L1L2',
      config: { l1: 0, l2: 0.01 },
    });
    const again = await loadModel(file);
    const { kernelRegularizer, kernelInitializer } = again.layers[0]!.getConfig() as Json;
    assert.deepEqual(kernelRegularizer, { className: 'L1L2', config: { l1: 0, l2: 0.01 } });
    assert.equal(kernelInitializer.className, 'HeNormal');
  });

  const HOSTILE: Readonly<Record<string, (json: Json) => void>> = {
    'weights elsewhere': (json) => {
      json.weightsManifest[0].paths = ['../model.weights.bin'];
    },
    'weights anywhere': (json) => {
      json.weightsManifest[0].paths = ['/etc/passwd'];
    },
    'the same weights twice': (json) => {
      json.weightsManifest[0].paths.push('model.weights.bin');
    },
    'weights from the network': (json) => {
      json.weightsManifest[0].paths = ['http://127.0.0.1/weights.bin'];
    },
    'a huge weight': (json) => {
      json.weightsManifest[0].weights[0].shape = [2 ** 40, 4];
    },
    'a weight of another shape': (json) => {
      json.weightsManifest[0].weights[0].shape.reverse();
    },
    'a weight too few': (json) => {
      json.weightsManifest[0].weights.pop();
    },
    'a weight of no layer': (json) => {
      json.weightsManifest[0].weights[0].name = 'other/kernel';
    },
    'quantized weights': (json) => {
      json.weightsManifest[0].weights[0].quantization = { dtype: 'uint8', scale: 1, min: 0 };
    },
    'texts as weights': (json) => {
      json.weightsManifest[0].weights[0].dtype = 'string';
    },
    'no manifest': (json) => {
      delete json.weightsManifest;
    },
    'a graph model': (json) => {
      json.format = 'graph-model';
    },
    'a Functional model': (json) => {
      json.modelTopology.class_name = 'Model';
    },
    'a Lambda': (json) => {
      json.modelTopology.config.layers[0].class_name = 'Lambda';
    },
    'an unknown argument': (json) => {
      json.modelTopology.config.layers[0].config.code = 'x';
    },
    'an unknown initializer': (json) => {
      json.modelTopology.config.layers[0].config.kernel_initializer = { class_name: '__proto__', config: {} };
    },
  };

  for (const [name, change] of Object.entries(HOSTILE)) {
    it(`refuses ${name}`, async () => {
      const model = new Sequential(MODELS.mlp!.build(layers));
      await model.save(file);
      const json = JSON.parse(readFileSync(file, 'utf8'));
      change(json);
      writeFileSync(file, JSON.stringify(json));
      await assert.rejects(loadModel(file), ({ code }) => ['FILE_CORRUPT', 'UNSUPPORTED'].includes(code));
      model.dispose();
    });
  }
});
