import type { classes } from '../../src/layers/index.js';

/** One way to make a layer, and what it takes. */
export interface Sample {
  readonly options: Record<string, unknown>;
  /** Shape of one sample. */
  readonly input: readonly number[];
  /** Shapes, batch included, that the layer refuses. */
  readonly wrong?: readonly (readonly number[])[];
  /** For layers that take indices: how many there are. */
  readonly indices?: number;
  /** Options that are refused by INVALID_ARGUMENT, each added to those above. */
  readonly invalid?: readonly Record<string, unknown>[];
}

const notImages = [
  [2, 3],
  [2, 3, 4],
  [2, 3, 4, 5, 6],
];

/** Every layer, in the ways that matter for its code. The compiler wants each class of the registry here. */
export const SAMPLES: Readonly<Record<keyof typeof classes, readonly Sample[]>> = {
  Activation: [
    { options: { activation: 'tanh' }, input: [3], invalid: [{ activation: 3 }] },
    { options: { activation: 'softmax' }, input: [2, 3] },
  ],
  AveragePooling2D: [
    {
      options: {},
      input: [4, 6, 2],
      wrong: [...notImages, [2, 1, 6, 2]],
      invalid: [{ poolSize: 0 }, { poolSize: [1, 2, 3] }, { padding: 'full' }],
    },
    { options: { poolSize: [2, 3], strides: 1, padding: 'same' }, input: [3, 4, 1] },
  ],
  BatchNormalization: [
    { options: {}, input: [3], invalid: [{ momentum: 2 }, { epsilon: 0 }, { axis: 0.5 }] },
    { options: { axis: 1, momentum: 0.5, gammaRegularizer: 'l2' }, input: [3, 4, 2], wrong: [[2]] },
    { options: { center: false, scale: false }, input: [2, 3] },
  ],
  Conv2D: [
    {
      options: { filters: 3, kernelSize: 3, activation: 'sigmoid' },
      input: [5, 6, 2],
      wrong: [...notImages, [2, 2, 6, 2]],
      invalid: [
        { filters: 0 },
        { filters: undefined },
        { kernelSize: 'three' },
        { strides: [0, 1] },
        { strides: 2, dilationRate: 2 },
        { groups: 2 },
      ],
    },
    {
      options: { filters: 2, kernelSize: [2, 3], strides: [2, 1], padding: 'same', useBias: false },
      input: [5, 4, 1],
    },
    {
      options: { filters: 2, kernelSize: 2, dilationRate: [2, 3], padding: 'same', kernelRegularizer: 'l2' },
      input: [5, 6, 2],
    },
    { options: { filters: 4, kernelSize: 2, groups: 2 }, input: [3, 4, 6], wrong: [[2, 3, 4, 5]] },
  ],
  Dense: [
    {
      options: { units: 4, activation: 'tanh' },
      input: [3],
      wrong: [[3]],
      invalid: [{ units: 0 }, { units: 1.5 }, { units: undefined }, { useBias: 'no' }],
    },
    {
      options: { units: 2, useBias: false, kernelInitializer: 'heNormal', kernelRegularizer: 'l1' },
      input: [2, 3],
    },
  ],
  Dropout: [
    {
      options: { rate: 0.4 },
      input: [8],
      invalid: [{ rate: -0.1 }, { rate: 1.1 }, { rate: Number.NaN }, { rate: undefined }, { seed: -1 }],
    },
    {
      options: { rate: 0.5, seed: 3, noiseShape: [null, 1, 3] },
      input: [2, 3],
      wrong: [
        [2, 2, 4],
        [2, 3],
      ],
    },
    { options: { rate: 0 }, input: [2] },
    { options: { rate: 1 }, input: [2] },
  ],
  Flatten: [
    { options: {}, input: [2, 3] },
    { options: {}, input: [] },
  ],
  GlobalAveragePooling2D: [
    { options: {}, input: [3, 4, 2], wrong: notImages },
    { options: { keepdims: true }, input: [3, 4, 2], invalid: [{ keepdims: 1 }] },
  ],
  GlobalMaxPooling2D: [
    { options: {}, input: [3, 4, 2], wrong: notImages },
    { options: { keepdims: true }, input: [3, 4, 2] },
  ],
  InputLayer: [
    {
      options: { inputShape: [2, 3] },
      input: [2, 3],
      invalid: [{ inputShape: undefined }, { inputShape: [0] }, { inputShape: 3 }],
    },
  ],
  MaxPooling2D: [
    { options: {}, input: [4, 6, 2], wrong: [...notImages, [2, 1, 6, 2]], invalid: [{ strides: 0 }] },
    { options: { poolSize: [2, 3], strides: [1, 2], padding: 'same' }, input: [3, 4, 1] },
  ],
  Reshape: [
    {
      options: { targetShape: [3, 2] },
      input: [6],
      wrong: [[2, 5]],
      invalid: [{ targetShape: [-1, -1] }, { targetShape: [0] }, { targetShape: 6 }],
    },
    { options: { targetShape: [-1, 4] }, input: [2, 3, 2], wrong: [[2, 3]] },
  ],
  AveragePooling1D: [
    {
      options: {},
      input: [6, 2],
      wrong: [
        [2, 6],
        [2, 1, 2],
        [2, 6, 2, 1],
      ],
      invalid: [{ poolSize: [2] }],
    },
    { options: { poolSize: 3, strides: 2, padding: 'same' }, input: [6, 2] },
  ],
  Conv1D: [
    {
      options: { filters: 3, kernelSize: 3, activation: 'tanh' },
      input: [6, 2],
      wrong: [
        [2, 6],
        [2, 2, 2],
        [2, 6, 2, 1],
      ],
      invalid: [{ kernelSize: [3] }, { strides: 2, dilationRate: 2 }, { groups: 2 }, { padding: 'full' }],
    },
    { options: { filters: 2, kernelSize: 2, dilationRate: 3, padding: 'causal' }, input: [2, 2] },
    {
      options: { filters: 4, kernelSize: 2, groups: 2, strides: 2, padding: 'same' },
      input: [5, 4],
      wrong: [[2, 5, 3]],
    },
  ],
  Conv2DTranspose: [
    {
      options: { filters: 3, kernelSize: 3 },
      input: [3, 2, 2],
      wrong: notImages,
      invalid: [{ outputPadding: 1 }, { filters: 0 }],
    },
    {
      options: {
        filters: 2,
        kernelSize: [3, 2],
        strides: 2,
        padding: 'same',
        outputPadding: [0, 1],
        activation: 'tanh',
      },
      input: [3, 2, 2],
    },
    { options: { filters: 2, kernelSize: 2, strides: 3, kernelRegularizer: 'l2' }, input: [2, 3, 1] },
  ],
  DepthwiseConv2D: [
    {
      options: { kernelSize: 3, activation: 'sigmoid' },
      input: [4, 5, 2],
      wrong: [...notImages, [2, 2, 5, 2]],
      invalid: [{ depthMultiplier: 0 }, { strides: 2, dilationRate: 2 }],
    },
    {
      options: { kernelSize: 2, strides: [1, 2], depthMultiplier: 3, depthwiseRegularizer: 'l2' },
      input: [4, 5, 2],
    },
    { options: { kernelSize: 2, strides: 2, padding: 'same', depthMultiplier: 2 }, input: [3, 3, 2] },
    { options: { kernelSize: 2, dilationRate: 2, padding: 'same', useBias: false }, input: [4, 5, 2] },
  ],
  Embedding: [
    {
      options: { inputDim: 5, outputDim: 3 },
      input: [4],
      indices: 5,
      invalid: [{ inputDim: 0 }, { outputDim: 'x' }],
    },
    { options: { inputDim: 3, outputDim: 2, embeddingsRegularizer: 'l2' }, input: [2, 3], indices: 3 },
  ],
  GaussianNoise: [{ options: { stddev: 0.3 }, input: [4], invalid: [{ stddev: -1 }, { stddev: undefined }] }],
  GlobalAveragePooling1D: [
    {
      options: {},
      input: [5, 2],
      wrong: [
        [2, 5],
        [2, 5, 2, 1],
      ],
    },
    { options: { keepdims: true }, input: [5, 2] },
  ],
  GlobalMaxPooling1D: [
    {
      options: {},
      input: [5, 2],
      wrong: [
        [2, 5],
        [2, 5, 2, 1],
      ],
    },
    { options: { keepdims: true }, input: [5, 2] },
  ],
  LayerNormalization: [
    { options: {}, input: [4], invalid: [{ epsilon: 0 }, { axis: 'last' }] },
    { options: { axis: [1, -1], gammaRegularizer: 'l1' }, input: [2, 3, 4], wrong: [[2]] },
    { options: { center: false, scale: false }, input: [3, 4] },
  ],
  LeakyReLU: [{ options: {}, input: [4], invalid: [{ negativeSlope: -1 }] }],
  MaxPooling1D: [
    {
      options: {},
      input: [6, 2],
      wrong: [
        [2, 6],
        [2, 1, 2],
        [2, 6, 2, 1],
      ],
    },
    { options: { poolSize: 3, strides: 2, padding: 'same' }, input: [6, 2] },
  ],
  Permute: [
    {
      options: { dims: [2, 1] },
      input: [3, 4],
      wrong: [
        [2, 3],
        [2, 3, 4, 5],
      ],
      invalid: [{ dims: [1, 1] }, { dims: [0, 1] }, { dims: 2 }],
    },
    { options: { dims: [3, 1, 2] }, input: [2, 3, 4] },
  ],
  ReLU: [
    { options: {}, input: [4], invalid: [{ maxValue: -1 }, { negativeSlope: -1 }, { threshold: -1 }] },
    { options: { maxValue: 0.5, negativeSlope: 0.1, threshold: 0.25 }, input: [9] },
  ],
  RepeatVector: [{ options: { n: 3 }, input: [4], wrong: [[2, 3, 4], [2]], invalid: [{ n: 0 }] }],
  SeparableConv2D: [
    {
      options: { filters: 3, kernelSize: 3, activation: 'tanh' },
      input: [4, 5, 2],
      wrong: [...notImages, [2, 2, 5, 2]],
      invalid: [{ filters: 0 }, { strides: 2, dilationRate: 2 }],
    },
    {
      options: {
        filters: 2,
        kernelSize: 2,
        strides: 2,
        padding: 'same',
        depthMultiplier: 2,
        useBias: false,
        pointwiseRegularizer: 'l2',
      },
      input: [4, 5, 2],
    },
  ],
  Softmax: [
    { options: {}, input: [2, 3], invalid: [{ axis: 0.5 }] },
    { options: { axis: 1 }, input: [2, 3], wrong: [[2]] },
  ],
  UpSampling2D: [
    { options: {}, input: [2, 3, 2], wrong: notImages, invalid: [{ size: 0 }, { interpolation: 'cubic' }] },
    { options: { size: [3, 2], interpolation: 'bilinear' }, input: [2, 3, 2] },
    { options: { interpolation: 'bilinear' }, input: [1, 1, 2] },
  ],
  ZeroPadding2D: [
    {
      options: {},
      input: [2, 3, 1],
      wrong: notImages,
      invalid: [{ padding: -1 }, { padding: [1, 2, 3] }, { padding: [[1], [2]] }],
    },
    { options: { padding: [2, 0] }, input: [2, 3, 1] },
    {
      options: {
        padding: [
          [1, 0],
          [2, 3],
        ],
      },
      input: [2, 3, 1],
    },
  ],
};
