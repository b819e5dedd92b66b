// tfjs-layers on the stock addon of tfjs-node, which scripts/build-addon.mjs built in the folder given by --addon.
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { BATCH, Epochs, parseArguments, readMnist, report } from './common.mjs';

const args = parseArguments({ addon: { type: 'string' } });
// tfjs-node calls functions that Node 23 removed; with them it runs there too.
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const require = createRequire(path.resolve(args.addon, 'peer.cjs'));
const tf = require('@tensorflow/tfjs-node');

const { layers } = tf;
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

function tensors(part, count) {
  const { images, labels } = readMnist(args.data, part);
  const rows = count ?? labels.length;
  const x = tf.tensor3d(
    Float32Array.from(images.subarray(0, rows * 784), (v) => v / 255),
    [rows, 28, 28],
  );
  // tfjs's own examples train on one-hot labels: its sparse loss is slower.
  const y = tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(0, rows)), 'int32'), 10).toFloat(),
  );
  return { x, y };
}

const train = tensors('train', args.samples);
const test = tensors('t10k');
const model = tf.sequential({ layers: MODELS[args.model]() });
model.compile({
  optimizer: args.model === 'softmax' ? tf.train.sgd(0.5) : tf.train.adam(),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
});
const epochs = new Epochs();
await model.fit(train.x, train.y, {
  batchSize: BATCH,
  epochs: args.epochs,
  verbose: 0,
  callbacks: {
    onEpochBegin: () => epochs.begin(),
    onEpochEnd: (_, logs) => epochs.end(logs.loss, logs.acc),
  },
});
const [, accuracy] = model.evaluate(test.x, test.y, { batchSize: 1000 });
const versions = {
  'tfjs-layers': tf.version['tfjs-layers'],
  tensorflow: tf.backend().binding.TF_Version,
};
report('tfjs-layers', versions, args, epochs, accuracy.dataSync()[0]);
