import type { classes } from '../../src/layers/index.js';

/** One way to make a layer, and what it takes. */
export interface Sample {
  readonly options: Record<string, unknown>;
  /** Shape of one sample. */
  readonly input: readonly number[];
  /** Shapes, batch included, that the layer refuses. */
  readonly wrong?: readonly (readonly number[])[];
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
};
