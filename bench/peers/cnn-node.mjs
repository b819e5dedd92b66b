// This package, as its README uses it.
import { datasets, layers, optimizers, ready, Sequential } from '../../dist/src/index.js';
import { BATCH, Epochs, parseArguments, report } from './common.mjs';

const MODELS = {
  softmax: () => [
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
  mlp: () => [
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 512, activation: 'relu' }),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 512, activation: 'relu' }),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
  cnn: () => [
    layers.reshape({ inputShape: [28, 28], targetShape: [28, 28, 1] }),
    layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dropout({ rate: 0.5 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
};

const args = parseArguments();
const { train, test } = await datasets.mnist.load({ dir: args.data });
const model = new Sequential(MODELS[args.model]());
model.compile({
  optimizer: args.model === 'softmax' ? optimizers.sgd({ learningRate: 0.5 }) : 'adam',
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
const epochs = new Epochs();
await model.fit(train.slice(0, args.samples), {
  batchSize: BATCH,
  epochs: args.epochs,
  verbose: 0,
  callbacks: [
    {
      onEpochBegin: () => epochs.begin(),
      onEpochEnd: (_, logs) => epochs.end(logs.loss, logs.accuracy),
    },
  ],
});
const { accuracy } = await model.evaluate(test, { batchSize: 1000, verbose: 0 });
const runtime = await ready();
report('cnn-node', { tensorflow: runtime.version }, args, epochs, accuracy);
