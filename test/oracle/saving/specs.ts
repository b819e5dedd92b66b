// Random models, as plain data in our spelling: this package builds them, and so does Keras (keras_side.py).
import type { Serialized } from '../../../src/registry.js';

/** A model with data to train it on. */
export interface Spec {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly Serialized[];
  readonly optimizer: Serialized;
  readonly loss: Serialized;
  readonly metrics: readonly (Serialized | string)[];
  readonly x: Values;
  readonly y: Values;
  /** Whether training is the same on both sides: not where elements are dropped at random. */
  readonly isDeterministic: boolean;
}

/** An array: float32, row-major, in base64. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: string;
}

const ROWS = 8;

/** Random numbers from a seed (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }
}

const ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'celu',
  'gelu',
  'tanh',
  'sigmoid',
  'hardSigmoid',
  'silu',
  'softplus',
  'softsign',
  'mish',
  'leakyRelu',
  'logSigmoid',
  'hardSilu',
  'softmax',
];

/** An option that is there in half of the models. */
type Maybe = (name: string, value: () => unknown) => Record<string, unknown>;

function maybe(random: Random, probability = 0.5): Maybe {
  return (name, value) => (random.chance(probability) ? { [name]: value() } : {});
}

function initializer(random: Random): Serialized {
  return random.pick<Serialized>([
    { className: 'GlorotUniform', config: {} },
    { className: 'GlorotNormal', config: { seed: random.whole(0, 1000) } },
    { className: 'HeNormal', config: {} },
    { className: 'HeUniform', config: { seed: random.whole(0, 1000) } },
    { className: 'LecunNormal', config: {} },
    { className: 'LecunUniform', config: {} },
    { className: 'RandomNormal', config: { stddev: 0.1 } },
    { className: 'RandomUniform', config: { minval: -0.2, maxval: 0.3 } },
    { className: 'TruncatedNormal', config: { mean: 0.01, stddev: 0.2 } },
    { className: 'VarianceScaling', config: { scale: 2, mode: 'fanOut', distribution: 'untruncatedNormal' } },
    { className: 'Orthogonal', config: { gain: 0.9 } },
  ]);
}

function regularizer(random: Random): Serialized {
  return random.pick<Serialized>([
    { className: 'L1', config: { l1: 0.01 } },
    { className: 'L2', config: { l2: 0.02 } },
    { className: 'L1L2', config: { l1: 0.005, l2: 0.01 } },
  ]);
}

function kernelOptions(random: Random): Record<string, unknown> {
  const option = maybe(random, 0.4);
  return {
    ...option('activation', () => random.pick(ACTIVATIONS)),
    ...option('useBias', () => random.chance(0.5)),
    ...option('kernelInitializer', () => initializer(random)),
    ...option('biasInitializer', () => ({ className: 'Constant', config: { value: 0.1 } })),
    ...option('kernelRegularizer', () => regularizer(random)),
    ...maybe(random, 0.15)('biasRegularizer', () => regularizer(random)),
  };
}

function dense(random: Random, units: number): Serialized {
  return { className: 'Dense', config: { units, ...kernelOptions(random) } };
}

function conv(random: Random, channels: number): Serialized {
  const filters = random.whole(1, 3) * 2;
  const isDilated = random.chance(0.2);
  return {
    className: 'Conv2D',
    config: {
      filters,
      kernelSize: random.pick([1, 2, 3, [3, 1], [2, 3]]),
      padding: 'same',
      ...maybe(random, 0.3)('strides', () => (isDilated ? 1 : random.pick([1, 2]))),
      ...(isDilated ? { dilationRate: 2 } : {}),
      ...(channels % 2 === 0 && random.chance(0.2) ? { groups: 2 } : {}),
      ...kernelOptions(random),
    },
  };
}

function batchNormalization(random: Random): Serialized {
  const option = maybe(random, 0.4);
  return {
    className: 'BatchNormalization',
    config: {
      ...option('momentum', () => random.pick([0.5, 0.9])),
      ...option('epsilon', () => 0.01),
      ...option('center', () => random.chance(0.5)),
      ...option('scale', () => random.chance(0.5)),
      ...option('gammaRegularizer', () => regularizer(random)),
      ...option('betaInitializer', () => ({ className: 'RandomNormal', config: {} })),
      ...option('movingMeanInitializer', () => ({ className: 'Constant', config: { value: 0.2 } })),
    },
  };
}

/** Layers that go anywhere. */
function anywhere(random: Random): Serialized {
  return random.pick<() => Serialized>([
    () => ({ className: 'Activation', config: { activation: random.pick(ACTIVATIONS) } }),
    () => ({
      className: 'Dropout',
      config: { rate: 0.3, ...maybe(random)('seed', () => random.whole(0, 1e6)) },
    }),
    () => ({ className: 'Dropout', config: { rate: 0 } }),
    () => batchNormalization(random),
  ])();
}

function pooling(random: Random): Serialized {
  return {
    className: random.pick(['MaxPooling2D', 'AveragePooling2D']),
    config: {
      poolSize: random.pick([2, [2, 1], 3]),
      ...maybe(random)('strides', () => random.pick([1, 2])),
      padding: 'same',
    },
  };
}

function imageLayers(random: Random, channels: number): Serialized[] {
  const layers: Serialized[] = [];
  let depth = channels;
  for (let i = random.whole(1, 3); i > 0; i--) {
    const layer = conv(random, depth);
    depth = layer.config.filters as number;
    layers.push(layer);
    if (random.chance(0.5)) layers.push(anywhere(random));
    if (random.chance(0.4)) layers.push(pooling(random));
  }
  layers.push(
    random.pick<Serialized>([
      { className: 'Flatten', config: {} },
      { className: 'GlobalAveragePooling2D', config: {} },
      { className: 'GlobalMaxPooling2D', config: {} },
      { className: 'Reshape', config: { targetShape: [-1] } },
    ]),
  );
  return layers;
}

function vectorLayers(random: Random): Serialized[] {
  return Array.from({ length: random.whole(0, 2) }, () => [
    dense(random, random.whole(2, 6)),
    ...(random.chance(0.4) ? [anywhere(random)] : []),
  ]).flat();
}

interface Head {
  readonly layer: Record<string, unknown>;
  readonly loss: Serialized;
  readonly metrics: readonly (Serialized | string)[];
  readonly targets: 'labels' | 'oneHot' | 'bits' | 'numbers' | 'positive' | 'signs';
}

const REGRESSIONS: readonly (readonly [string, Head['targets'], Record<string, unknown>?])[] = [
  ['MeanSquaredError', 'numbers'],
  ['MeanAbsoluteError', 'numbers', { reduction: 'sum' }],
  ['MeanAbsolutePercentageError', 'positive'],
  ['MeanSquaredLogarithmicError', 'positive'],
  ['Huber', 'numbers'],
  ['LogCosh', 'numbers', { reduction: 'mean' }],
  ['Poisson', 'positive'],
  ['CosineSimilarity', 'numbers'],
  ['Hinge', 'signs'],
  ['SquaredHinge', 'signs'],
  ['KLDivergence', 'oneHot'],
  ['CategoricalHinge', 'oneHot'],
];

function head(random: Random): Head {
  const classes = random.whole(2, 5);
  return random.pick<() => Head>([
    () => ({
      layer: { units: classes, activation: 'softmax' },
      loss: { className: 'SparseCategoricalCrossentropy', config: {} },
      metrics: ['accuracy', { className: 'SparseTopKCategoricalAccuracy', config: { k: 2 } }],
      targets: 'labels',
    }),
    () => ({
      layer: { units: classes },
      loss: { className: 'SparseCategoricalCrossentropy', config: { fromLogits: true } },
      metrics: ['sparseCategoricalAccuracy'],
      targets: 'labels',
    }),
    () => ({
      layer: { units: classes, activation: 'softmax' },
      loss: { className: 'CategoricalCrossentropy', config: { labelSmoothing: random.pick([0, 0.1]) } },
      metrics: ['acc', 'topKCategoricalAccuracy', 'mse'],
      targets: 'oneHot',
    }),
    () => ({
      layer: { units: 1, activation: 'sigmoid' },
      loss: { className: 'BinaryCrossentropy', config: {} },
      metrics: [
        'accuracy',
        { className: 'AUC', config: { numThresholds: 50 } },
        { className: 'Precision', config: { thresholds: 0.4 } },
        'recall',
      ],
      targets: 'bits',
    }),
    () => {
      const [className, targets, config = {}] = random.pick(REGRESSIONS);
      return {
        layer: {
          units: random.whole(1, 3),
          activation: targets === 'positive' || targets === 'oneHot' ? 'softplus' : 'linear',
        },
        loss: { className, config },
        metrics: [random.pick(['mae', 'mse', 'meanSquaredLogarithmicError', 'rootMeanSquaredError'])],
        targets,
      };
    },
  ])();
}

const SCHEDULES: readonly Serialized[] = [
  {
    className: 'ExponentialDecay',
    config: { initialLearningRate: 0.02, decaySteps: 2, decayRate: 0.5, staircase: true },
  },
  { className: 'PiecewiseConstantDecay', config: { boundaries: [1, 3], values: [0.02, 0.01, 0.005] } },
  { className: 'PolynomialDecay', config: { initialLearningRate: 0.02, decaySteps: 4, power: 2 } },
  { className: 'InverseTimeDecay', config: { initialLearningRate: 0.02, decaySteps: 2, decayRate: 0.5 } },
  {
    className: 'CosineDecay',
    config: { initialLearningRate: 0.001, decaySteps: 8, warmupTarget: 0.02, warmupSteps: 2 },
  },
  { className: 'CosineDecayRestarts', config: { initialLearningRate: 0.02, firstDecaySteps: 3 } },
];

function optimizer(random: Random): Serialized {
  const [className, own] = random.pick<[string, Record<string, unknown>]>([
    ['SGD', {}],
    ['SGD', { momentum: 0.9, nesterov: random.chance(0.5) }],
    ['Adam', {}],
    ['Adam', { amsgrad: true, beta1: 0.8 }],
    ['AdamW', {}],
    ['Adamax', {}],
    ['Nadam', {}],
    ['RMSprop', {}],
    ['RMSprop', { momentum: 0.5, centered: true }],
    ['Adagrad', { initialAccumulatorValue: 0.2 }],
    ['Adadelta', {}],
    ['Ftrl', { l1RegularizationStrength: 0.01, l2RegularizationStrength: 0.01 }],
    ['Lion', {}],
  ]);
  const option = maybe(random, 0.2);
  return {
    className,
    config: {
      ...own,
      learningRate: random.chance(0.25) ? random.pick(SCHEDULES) : random.pick([0.01, 0.003]),
      ...(className === 'AdamW' ? {} : option('weightDecay', () => 0.01)),
      ...random.pick([{}, {}, { clipnorm: 0.5 }, { clipvalue: 0.2 }, { globalClipnorm: 1 }]),
    },
  };
}

function values(shape: readonly number[], value: () => number): Values {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(value()));
  return { shape, data: Buffer.from(data.buffer).toString('base64') };
}

export function decode({ data }: Values): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer);
}

function targets(random: Random, kind: Head['targets'], units: number): Values {
  switch (kind) {
    case 'labels':
      return values([ROWS], () => random.whole(0, units - 1));
    case 'bits':
      return values([ROWS, units], () => random.whole(0, 1));
    case 'signs':
      return values([ROWS, units], () => random.pick([-1, 1]));
    case 'positive':
      return values([ROWS, units], () => 0.5 + random.next());
    case 'numbers':
      return values([ROWS, units], () => random.next() * 2 - 1);
    case 'oneHot': {
      let label = 0;
      let column = 0;
      return values([ROWS, units], () => {
        if (column % units === 0) label = random.whole(0, units - 1);
        return column++ % units === label ? 1 : 0;
      });
    }
  }
}

/** The model of a number; always the same. */
export function makeSpec(number: number): Spec {
  const random = new Random(number);
  const isImage = random.chance(0.6);
  const inputShape = isImage
    ? [random.whole(5, 8), random.whole(5, 8), random.whole(1, 3)]
    : [random.whole(2, 8)];
  const { layer, loss, metrics, targets: kind } = head(random);
  const layers = [
    ...(isImage ? imageLayers(random, inputShape[2]!) : []),
    ...vectorLayers(random),
    { className: 'Dense', config: { ...kernelOptions(random), activation: 'linear', ...layer } },
  ].map((each, i) => {
    const isFrozen = i > 0 && i < 3 && random.chance(0.08);
    return isFrozen ? { ...each, config: { ...each.config, trainable: false } } : each;
  });
  return {
    name: `random_${number}`,
    inputShape,
    layers,
    optimizer: optimizer(random),
    loss,
    metrics,
    x: values([ROWS, ...inputShape], () => random.next() * 2 - 1),
    y: targets(random, kind, layer.units as number),
    isDeterministic: !layers.some(({ className, config }) => className === 'Dropout' && config.rate !== 0),
  };
}
