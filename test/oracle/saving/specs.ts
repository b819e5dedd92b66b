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

function layerNormalization(random: Random): Serialized {
  const option = maybe(random, 0.4);
  return {
    className: 'LayerNormalization',
    config: {
      ...option('epsilon', () => 0.01),
      ...option('center', () => random.chance(0.5)),
      ...option('scale', () => random.chance(0.5)),
      ...option('gammaRegularizer', () => regularizer(random)),
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
    () => ({ className: 'GaussianNoise', config: { stddev: random.pick([0, 0.1]) } }),
    () => ({ className: 'ReLU', config: { maxValue: 2, negativeSlope: 0.1, threshold: 0.05 } }),
    () => ({ className: 'ReLU', config: {} }),
    () => ({ className: 'LeakyReLU', config: maybe(random)('negativeSlope', () => 0.2) }),
    () => ({ className: 'Softmax', config: {} }),
    () => batchNormalization(random),
    () => layerNormalization(random),
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

/** Another layer of images, by its number of output channels. */
function otherImageLayer(random: Random, channels: number): { layer: Serialized; channels: number } {
  const filters = random.whole(1, 3);
  const { kernelInitializer, kernelRegularizer, ...bias } = kernelOptions(random);
  const depthwise = {
    kernelSize: random.pick([1, 2, 3, [2, 3]]),
    padding: 'same',
    ...bias,
    ...(kernelInitializer === undefined ? {} : { depthwiseInitializer: kernelInitializer }),
    ...(kernelRegularizer === undefined ? {} : { depthwiseRegularizer: kernelRegularizer }),
  };
  return random.pick<() => { layer: Serialized; channels: number }>([
    () => ({
      layer: { className: 'DepthwiseConv2D', config: { depthMultiplier: 2, ...depthwise } },
      channels: 2 * channels,
    }),
    () => ({ layer: { className: 'SeparableConv2D', config: { filters, ...depthwise } }, channels: filters }),
    () => ({
      layer: {
        className: 'Conv2DTranspose',
        config: {
          filters,
          kernelSize: 3,
          strides: random.pick([1, 2]),
          padding: random.pick(['same', 'valid']),
          ...bias,
        },
      },
      channels: filters,
    }),
    () => ({
      layer: {
        className: 'UpSampling2D',
        config: { size: random.pick([2, [1, 2]]), interpolation: random.pick(['nearest', 'bilinear']) },
      },
      channels,
    }),
    () => ({
      layer: {
        className: 'ZeroPadding2D',
        config: {
          padding: random.pick<unknown>([
            1,
            [1, 0],
            [
              [0, 1],
              [2, 1],
            ],
          ]),
        },
      },
      channels,
    }),
  ])();
}

function imageLayers(random: Random, channels: number): Serialized[] {
  const layers: Serialized[] = [];
  let depth = channels;
  for (let i = random.whole(1, 3); i > 0; i--) {
    if (random.chance(0.4)) {
      const other = otherImageLayer(random, depth);
      depth = other.channels;
      layers.push(other.layer);
    } else {
      const layer = conv(random, depth);
      depth = layer.config.filters as number;
      layers.push(layer);
    }
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

/** Of sequences [steps, features]. */
function sequenceLayers(random: Random): Serialized[] {
  const layers: Serialized[] = [];
  for (let i = random.whole(1, 2); i > 0; i--) {
    layers.push({
      className: 'Conv1D',
      config: {
        filters: random.whole(1, 4),
        kernelSize: random.whole(1, 3),
        padding: random.pick(['same', 'causal']),
        ...maybe(random, 0.3)('dilationRate', () => 2),
        ...kernelOptions(random),
      },
    });
    if (random.chance(0.5)) layers.push(anywhere(random));
    if (random.chance(0.4)) {
      layers.push({
        className: random.pick(['MaxPooling1D', 'AveragePooling1D']),
        config: { poolSize: 2, padding: 'same', ...maybe(random)('strides', () => 1) },
      });
    }
    if (random.chance(0.2)) layers.push({ className: 'Permute', config: { dims: [2, 1] } });
  }
  const globalPooling = random.pick(['GlobalAveragePooling1D', 'GlobalMaxPooling1D']);
  layers.push({ className: random.pick(['Flatten', globalPooling]), config: {} });
  return layers;
}

interface Body {
  readonly inputShape: readonly number[];
  readonly layers: readonly Serialized[];
  /** A value of the input. */
  value(): number;
}

function body(random: Random): Body {
  const value = () => random.next() * 2 - 1;
  const steps = random.whole(4, 7);
  return random.pick<() => Body>([
    () => {
      const inputShape = [random.whole(5, 8), random.whole(5, 8), random.whole(1, 3)];
      return { inputShape, layers: imageLayers(random, inputShape[2]!), value };
    },
    () => ({ inputShape: [random.whole(2, 8)], layers: [], value }),
    () => ({ inputShape: [steps, random.whole(1, 3)], layers: sequenceLayers(random), value }),
    () => ({
      inputShape: [random.whole(2, 4)],
      layers: [{ className: 'RepeatVector', config: { n: steps } }, ...sequenceLayers(random)],
      value,
    }),
    () => {
      const words = {
        inputDim: 9,
        outputDim: 3,
        ...maybe(random)('embeddingsInitializer', () => initializer(random)),
      };
      return {
        inputShape: [steps],
        layers: [{ className: 'Embedding', config: words }, ...sequenceLayers(random)],
        value: () => random.whole(0, 8),
      };
    },
  ])();
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
  const { inputShape, layers: first, value } = body(random);
  const { layer, loss, metrics, targets: kind } = head(random);
  const layers = [
    ...first,
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
    x: values([ROWS, ...inputShape], value),
    y: targets(random, kind, layer.units as number),
    isDeterministic: !layers.some(({ config: { rate = 0, stddev = 0 } }) => rate !== 0 || stddev !== 0),
  };
}
