// This package, as its README uses it.
import path from 'node:path';
import { datasets, layers, optimizers, ready, Sequential } from '../../dist/bundle/index.js';
import * as common from './common.mjs';
import { makeLayers } from './models.mjs';

const args = common.parseArguments();

function readData(part, count) {
  const { images, shape, labels } = common.readImages(args.data, part);
  return datasets.Dataset.from(images, labels, { shape, scale: 1 / 255, numClasses: 10 }).slice(0, count);
}

async function train() {
  const data = readData('train', args.samples);
  const model = new Sequential(makeLayers(layers, args.model));
  model.compile({
    optimizer: args.model === 'softmax' ? optimizers.sgd({ learningRate: 0.5 }) : 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    ...(args.precision !== 'float32' && { precision: args.precision }),
  });
  const epochs = new common.Epochs();
  await model.fit(data, {
    batchSize: args.batch,
    epochs: args.epochs,
    verbose: 0,
    callbacks: [
      {
        onEpochBegin: () => epochs.begin(),
        onEpochEnd: (_, logs) => epochs.end(logs.loss, logs.accuracy),
      },
    ],
  });
  const { accuracy } = await model.evaluate(readData('t10k'), { batchSize: 1000, verbose: 0 });
  return { epochs: epochs.done, testAccuracy: accuracy };
}

async function predict() {
  const { images } = common.readImages(args.data, 't10k');
  const x = Float32Array.from(images.subarray(0, args.samples * 784), (v) => v / 255);
  const sample = x.subarray(0, 784);
  const model = new Sequential(makeLayers(layers, args.model));
  const one = () => model.predictOne(sample);
  const many = () => model.predict(x, { batchSize: args.batch });
  return { measures: await common.measurePredictions(one, many, args.samples) };
}

async function load() {
  const csv = path.join(args.data, 'digits.csv');
  return {
    measures: {
      'IDX (s)': await common.measureLoading(() => datasets.mnist.load({ dir: args.data })),
      'CSV (s)': await common.measureLoading(() => datasets.readCsv(csv)),
    },
  };
}

const result = await { train, predict, load }[args.task]();
const { version } = args.task === 'load' ? {} : await ready();
common.report('cnn-node', { tensorflow: version }, args, result);
