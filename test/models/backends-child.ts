// Trains three small models with whatever CNN_BACKEND leaves, and prints the losses as one JSON value.
import { Dataset } from '../../src/datasets/index.js';
import * as layers from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { Sequential } from '../../src/models/index.js';
import { memory, runtimeInfo } from '../../src/runtime/backend.js';
import { HostArray } from '../../src/runtime/host-array.js';

/** By model: the loss and accuracy of each epoch, and of evaluation at the end; then what it says of one sample. */
export interface Trained {
  readonly backend: string;
  readonly results: Record<string, number[]>;
  /** Tensors, native handles, functions, variables after all of it. */
  readonly alive: number[];
}

const wave = (size: number, frequency: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * frequency));

/** Images whose brighter half is their class. */
function images(count: number): Dataset {
  const x = Uint8Array.from({ length: count * 64 }, (_, i) => {
    const [sample, row] = [Math.floor(i / 64), Math.floor((i % 64) / 8)];
    return ((i * 7919) % 97) + (row < 4 === (sample % 2 === 0) ? 120 : 0);
  });
  const y = Uint8Array.from({ length: count }, (_, i) => i % 2);
  return Dataset.from(x, y, { shape: [8, 8, 1], scale: 1 / 255, numClasses: 2 });
}

const models: Record<string, { optimizer: string; layers: () => Layer[] }> = {
  softmax: {
    optimizer: 'sgd',
    layers: () => [
      layers.flatten({ inputShape: [8, 8, 1] }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  },
  mlp: {
    optimizer: 'adam',
    layers: () => [
      layers.flatten({ inputShape: [8, 8, 1] }),
      layers.dense({ units: 40, activation: 'relu' }),
      layers.batchNormalization(),
      layers.dense({ units: 30, activation: 'tanh' }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  },
  cnn: {
    optimizer: 'rmsprop',
    layers: () => [
      layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 8, kernelSize: 2, strides: 2, padding: 'same', activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  },
};

async function train(name: string): Promise<number[]> {
  const { optimizer, layers: make } = models[name]!;
  const model = new Sequential(make());
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  model.setWeights(
    model.getWeights().map((w, i) => {
      // Variances stay positive.
      const values = wave(w.data.length, 0.7 + i).map((v) => (w.shape.length === 1 ? 0.5 + v / 4 : v / 5));
      return new HostArray(w.shape, values);
    }),
  );
  const { history } = await model.fit(images(100), {
    batchSize: 32,
    epochs: 3,
    shuffle: false,
    verbose: 0,
  });
  const { loss, accuracy } = await model.evaluate(images(60), { verbose: 0 });
  const one = model.predictOne(wave(64, 0.3));
  model.dispose();
  return [...history.loss!, ...history.accuracy!, loss!, accuracy!, ...one] as number[];
}

const results: Record<string, number[]> = {};
for (const name of Object.keys(models)) results[name] = await train(name);
const trained: Trained = { backend: runtimeInfo().backend, results, alive: Object.values(memory()) };
process.stdout.write(JSON.stringify(trained));
