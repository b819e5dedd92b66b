/** Networks with one known illness each, and healthy ones. */
import { columnGather } from '../../src/datasets/column.js';
import type { Splits } from '../../src/datasets/index.js';
import { Dataset, mnist } from '../../src/datasets/index.js';
import * as initializers from '../../src/initializers/index.js';
import type { FindingCode } from '../../src/insight/finding.js';
import * as layers from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { type CompileOptions, Sequential } from '../../src/models/index.js';
import * as optimizers from '../../src/optimizers/index.js';
import { setRandomSeed } from '../../src/runtime/random.js';

/** Digits to train on, and a sixth of them to validate with. */
export async function digits(count = 2400): Promise<Splits> {
  const { train } = await mnist.load({ verify: false });
  const { train: part, validation, test } = train.slice(0, count).split({ validation: 1 / 6 });
  return { train: part, validation, test };
}

/** Points on a wavy surface: two inputs, one value. */
export function surface(seed: number, count = 2000): Dataset {
  const random = (i: number) => (((Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453) % 1) + 1) % 1;
  const x = Float32Array.from({ length: 2 * count }, (_, i) => 2 * random(i) - 1);
  const y = Float32Array.from({ length: count }, (_, i) => Math.sin(3 * x[2 * i]!) * x[2 * i + 1]!);
  return Dataset.from(x, y, { shape: [2], targetShape: [1], name: 'surface' });
}

export interface Recipe {
  readonly layers: () => Layer[];
  readonly compile: () => CompileOptions;
  readonly data?: 'digits' | 'surface';
  readonly epochs?: number;
}

export const classify = (optimizer: CompileOptions['optimizer'] = 'adam'): CompileOptions => ({
  optimizer,
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
export const head = () => layers.dense({ units: 10, activation: 'softmax' });
export const input = () => layers.flatten({ inputShape: [28, 28] });

export const healthy: Readonly<Record<string, Recipe>> = {
  softmax: {
    layers: () => [input(), head()],
    compile: () => classify(optimizers.sgd({ learningRate: 0.5 })),
  },
  mlp: {
    layers: () => [
      input(),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      head(),
    ],
    compile: () => classify(),
  },
  'mlp sgd': {
    layers: () => [
      input(),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 64, activation: 'relu' }),
      head(),
    ],
    compile: () => classify(optimizers.sgd({ learningRate: 0.1, momentum: 0.9 })),
  },
  tanh: {
    layers: () => [
      input(),
      layers.dense({ units: 64, activation: 'tanh' }),
      layers.dense({ units: 64, activation: 'tanh' }),
      head(),
    ],
    compile: () => classify(),
  },
  sigmoid: {
    layers: () => [
      input(),
      layers.dense({ units: 64, activation: 'sigmoid' }),
      layers.dense({ units: 64, activation: 'sigmoid' }),
      head(),
    ],
    compile: () => classify(optimizers.adam({ learningRate: 0.005 })),
  },
  'batch norm': {
    layers: () => [
      input(),
      layers.dense({ units: 64, useBias: false }),
      layers.batchNormalization(),
      layers.activation({ activation: 'relu' }),
      layers.dense({ units: 64, activation: 'relu' }),
      head(),
    ],
    compile: () => classify(),
  },
  cnn: {
    layers: () => [
      layers.reshape({ targetShape: [28, 28, 1], inputShape: [28, 28] }),
      layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      head(),
    ],
    compile: () => classify(),
  },
  regression: {
    layers: () => [
      layers.dense({ units: 32, activation: 'relu', inputShape: [2] }),
      layers.dense({ units: 32, activation: 'relu' }),
      layers.dense({ units: 1 }),
    ],
    compile: () => ({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'meanSquaredError' }),
    data: 'surface',
  },
};

/** A compiled model of a recipe. */
export function build({ layers: make, compile }: Recipe, seed: number): Sequential {
  setRandomSeed(seed);
  const model = new Sequential(make());
  model.compile(compile());
  return model;
}

/** A network made to have one illness. */
export interface Case extends Recipe {
  /** What has to be found, and in which layer where that is known. */
  readonly code: FindingCode;
  readonly layer?: string;
  /** Whether it has to be found after training; else before or after. */
  readonly isTrained?: boolean;
  /** Makes the data ill. */
  readonly spoil?: (data: Pick<Splits, 'train' | 'validation'>) => Pick<Splits, 'train' | 'validation'>;
}

const { constant, randomNormal } = initializers;
const relu = (options: Partial<layers.DenseOptions> = {}) =>
  layers.dense({ units: 64, activation: 'relu', ...options });
const deep = (options: Partial<layers.DenseOptions>, depth = 6) => [
  input(),
  ...Array.from({ length: depth }, () => relu(options)),
  head(),
];
const plain = () => [input(), relu(), head()];
const sgd = (learningRate: number) => classify(optimizers.sgd({ learningRate }));

export const sick: Readonly<Record<string, Case>> = {
  'bad bias': {
    code: 'dead-units',
    layer: 'dense',
    layers: () => [input(), relu({ biasInitializer: constant({ value: -20 }) }), head()],
    compile: () => classify(),
  },
  'large rate kills': {
    code: 'dead-units',
    layers: () => [input(), relu(), relu(), head()],
    compile: () => sgd(20),
    epochs: 1,
  },
  'large tanh weights': {
    code: 'saturated-units',
    layer: 'dense',
    layers: () => [
      input(),
      layers.dense({ units: 64, activation: 'tanh', kernelInitializer: randomNormal({ stddev: 3 }) }),
      head(),
    ],
    compile: () => classify(),
    epochs: 1,
  },
  'saturated softmax': {
    code: 'confident-mistakes',
    layers: () => [input(), head()],
    compile: () => sgd(50),
    epochs: 1,
  },
  'eight sigmoids': {
    code: 'vanishing-gradients',
    layer: 'dense',
    layers: () => [
      input(),
      ...Array.from({ length: 8 }, () => layers.dense({ units: 64, activation: 'sigmoid' })),
      head(),
    ],
    compile: () => sgd(0.1),
    epochs: 1,
  },
  'weights of 1': {
    code: 'exploding-gradients',
    layers: () => deep({ kernelInitializer: randomNormal({ stddev: 1 }) }),
    compile: () => classify(),
  },
  'weights of 1, first loss': {
    code: 'initial-scale',
    layers: () => deep({ kernelInitializer: randomNormal({ stddev: 1 }) }),
    compile: () => classify(),
  },
  'weights of 0.001': {
    code: 'initial-scale',
    layers: () => deep({ kernelInitializer: randomNormal({ stddev: 0.001 }) }),
    compile: () => classify(),
  },
  'equal weights': {
    code: 'symmetric-weights',
    layer: 'dense',
    layers: () => [input(), relu({ kernelInitializer: constant({ value: 0.01 }) }), head()],
    compile: () => classify(),
    epochs: 1,
  },
  'dropout of 0.9': {
    code: 'dropout',
    layer: 'dropout',
    layers: () => [input(), relu(), layers.dropout({ rate: 0.9 }), head()],
    compile: () => classify(),
    epochs: 1,
  },
  'dropout before batch normalization': {
    code: 'dropout',
    layer: 'dropout',
    layers: () => [input(), relu(), layers.dropout({ rate: 0.5 }), layers.batchNormalization(), head()],
    compile: () => classify(),
  },
  'bytes as they are': {
    code: 'input-scale',
    layers: plain,
    compile: () => classify(),
    spoil: ({ train, validation }) => ({ train: scaled(train, 1), validation: scaled(validation, 1) }),
  },
  'few threes': {
    code: 'class-imbalance',
    layers: plain,
    compile: () => classify(),
    spoil: ({ train, validation }) => ({
      train: pick(train, (label, i) => label !== 3 || i % 25 === 0),
      validation,
    }),
  },
  'validated on training data': {
    code: 'duplicate-samples',
    layers: plain,
    compile: () => classify(),
    spoil: ({ train, validation }) => ({ train, validation: train.slice(0, validation.size) }),
  },
  'label in a corner': {
    code: 'label-leak',
    layers: plain,
    compile: () => classify(),
    spoil: ({ train, validation }) => ({ train: withLabelInCorner(train), validation }),
  },
  'no light': {
    code: 'chance-level',
    layers: plain,
    compile: () => classify(),
    epochs: 4,
    spoil: ({ train, validation }) => ({ train: scaled(train, 0), validation }),
  },
  'few samples, many epochs': {
    code: 'overfitting',
    layers: () => [input(), relu(), relu(), head()],
    compile: () => classify(optimizers.adam({ learningRate: 0.005 })),
    epochs: 25,
    spoil: ({ train, validation }) => ({ train: train.slice(0, 200), validation }),
  },
  'rate of 20 in SGD': {
    code: 'learning-rate-high',
    layers: () => [input(), layers.dense({ units: 64, activation: 'tanh' }), head()],
    compile: () => sgd(20),
  },
  'rate of 20 in SGD, after training': {
    code: 'learning-rate-high',
    layers: () => [input(), layers.dense({ units: 64, activation: 'tanh' }), head()],
    compile: () => sgd(20),
    epochs: 5,
    isTrained: true,
  },
  'rate of 0.3 in Adam': {
    code: 'learning-rate-high',
    layers: plain,
    compile: () => classify(optimizers.adam({ learningRate: 0.3 })),
    epochs: 1,
  },
  'rate of 1e-7': {
    code: 'learning-rate-low',
    layers: plain,
    compile: () => classify(optimizers.adam({ learningRate: 1e-7 })),
    epochs: 1,
  },
};

function scaled(data: Dataset, scale: number): Dataset {
  return new Dataset({ ...data, x: { ...data.x, scale } });
}

function pick(data: Dataset, isWanted: (label: number, i: number) => boolean): Dataset {
  const rows = Uint32Array.from({ length: data.size }, (_, i) => i).filter((i) => isWanted(data.label(i), i));
  return new Dataset({ ...data, x: columnGather(data.x, rows), y: columnGather(data.y, rows) });
}

function withLabelInCorner(data: Dataset): Dataset {
  const pixels = data.x.data.slice();
  for (let i = 0; i < data.size; i++) pixels[i * 784] = 20 * data.label(i);
  return new Dataset({ ...data, x: { ...data.x, data: pixels } });
}
