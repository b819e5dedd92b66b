// tfjs-layers on the stock addon of tfjs-node, which scripts/build-addon.mjs built in the folder given by --addon.
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import * as common from './common.mjs';
import { makeLayers } from './models.mjs';

const args = common.parseArguments({ addon: { type: 'string' } });
// tfjs-node calls functions that Node 23 removed; with them it runs there too.
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const require = createRequire(path.resolve(args.addon, 'peer.cjs'));
const tf = require('@tensorflow/tfjs-node');

function tensors(part, count) {
  const { images, labels, shape } = common.readImages(args.data, part);
  const rows = count ?? labels.length;
  const values = new Float32Array((rows * images.length) / labels.length);
  for (let i = 0; i < values.length; i++) values[i] = images[i] / 255;
  // tfjs's own examples train on one-hot labels: its sparse loss is slower.
  const y = tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(0, rows)), 'int32'), 10).toFloat(),
  );
  return { x: tf.tensor(values, [rows, ...shape]), y };
}

async function train() {
  const data = tensors('train', args.samples);
  const test = tensors('t10k');
  const model = tf.sequential({ layers: makeLayers(tf.layers, args.model) });
  model.compile({
    optimizer: args.model === 'softmax' ? tf.train.sgd(0.5) : tf.train.adam(),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const epochs = new common.Epochs();
  await model.fit(data.x, data.y, {
    batchSize: args.batch,
    epochs: args.epochs,
    verbose: 0,
    callbacks: {
      onEpochBegin: () => epochs.begin(),
      onEpochEnd: (_, logs) => epochs.end(logs.loss, logs.acc),
    },
  });
  const [, accuracy] = model.evaluate(test.x, test.y, { batchSize: 1000 });
  return { epochs: epochs.done, testAccuracy: accuracy.dataSync()[0] };
}

async function predict() {
  const { x } = tensors('t10k', args.samples);
  const sample = x.dataSync().slice(0, 784);
  const model = tf.sequential({ layers: makeLayers(tf.layers, args.model) });
  const one = () => tf.tidy(() => model.predict(tf.tensor(sample, [1, 28, 28])).dataSync());
  const many = () => tf.tidy(() => model.predict(x, { batchSize: args.batch }).dataSync());
  return { measures: await common.measurePredictions(one, many, args.samples) };
}

async function load() {
  const csv = path.resolve(args.data, 'digits.csv');
  const readCsv = () =>
    tf.data.csv(`file://${csv}`, { columnConfigs: { label: { isLabel: true } } }).toArray();
  const readIdx = () => {
    for (const { x, y } of [tensors('train'), tensors('t10k')]) tf.dispose([x, y]);
  };
  return {
    measures: {
      'IDX (s)': await common.measureLoading(readIdx),
      'CSV (s)': await common.measureLoading(readCsv),
    },
  };
}

const result = await { train, predict, load }[args.task]();
const versions = {
  'tfjs-layers': tf.version['tfjs-layers'],
  tensorflow: tf.backend().binding.TF_Version,
};
common.report('tfjs-layers', versions, args, result);
