import { type ClassSchema, type ClassTable, objectOf } from '../class-table.js';
import {
  activation,
  flag,
  type Kind,
  nullable,
  number,
  shape,
  single,
  sizes,
  text,
  whole,
  word,
} from '../kinds.js';
import { INITIALIZERS } from './initializers.js';
import { REGULARIZERS } from './regularizers.js';

export const initializer = objectOf(INITIALIZERS);
export const regularizer = objectOf(REGULARIZERS);

const float32Policy = (extra: object) => ({
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
  ...extra,
});

/** Layers compute in float32. A policy that several layers share carries a number. */
const dtype: Kind = {
  read(value, place) {
    const shared = (value as { shared_object_id?: unknown } | null)?.shared_object_id;
    const isPlain = value === 'float32' || value === null;
    const policy = float32Policy(shared === undefined ? {} : { shared_object_id: shared });
    if (!isPlain && JSON.stringify(value) !== JSON.stringify(policy))
      throw place.unsupported('"float32"', value);
    return undefined;
  },
  write: () => undefined,
};

/** What every layer has. Our `inputShape` is a layer of its own in Keras: InputLayer. */
const common = { name: text, trainable: flag, dtype };

function layer(own: Readonly<Record<string, Kind>> = {}, fixed: ClassSchema['fixed'] = {}): ClassSchema {
  return { arguments: { ...own, ...common }, fixed };
}

const none = [null];
const channelsLast = { data_format: ['channels_last', null] };

const padding = word('valid', 'same');
/** What every layer with a bias has. */
const bias = { activation, useBias: flag, biasInitializer: initializer, biasRegularizer: regularizer };
const biasFixed = { activity_regularizer: none, bias_constraint: none };
const kernel = { ...bias, kernelInitializer: initializer, kernelRegularizer: regularizer };
const kernelFixed = { ...biasFixed, kernel_constraint: none };
const depthwise = {
  ...bias,
  kernelSize: sizes,
  strides: sizes,
  padding,
  depthMultiplier: whole,
  dilationRate: sizes,
  depthwiseInitializer: initializer,
  depthwiseRegularizer: regularizer,
};
const depthwiseFixed = { ...biasFixed, ...channelsLast, depthwise_constraint: none };
const pooling = layer({ poolSize: sizes, strides: nullable(sizes), padding }, channelsLast);
const pooling1d = layer({ poolSize: single, strides: nullable(single), padding }, channelsLast);
const globalPooling = layer({ keepdims: flag }, channelsLast);
const normalization = {
  epsilon: number,
  center: flag,
  scale: flag,
  betaInitializer: initializer,
  gammaInitializer: initializer,
  betaRegularizer: regularizer,
  gammaRegularizer: regularizer,
};
const normalizationFixed = { beta_constraint: none, gamma_constraint: none };
const seed = nullable(whole);

export const LAYERS: ClassTable = {
  kind: 'layer',
  module: 'keras.layers',
  classes: {
    Activation: layer({ activation }),
    AveragePooling1D: pooling1d,
    AveragePooling2D: pooling,
    BatchNormalization: layer(
      {
        ...normalization,
        axis: single,
        momentum: number,
        movingMeanInitializer: initializer,
        movingVarianceInitializer: initializer,
      },
      {
        ...normalizationFixed,
        synchronized: [false],
        renorm: [false],
        // How batches are renormalized, which they are not.
        renorm_clipping: 'any',
        renorm_momentum: 'any',
      },
    ),
    Conv1D: layer(
      {
        ...kernel,
        filters: whole,
        kernelSize: single,
        strides: single,
        padding: word('valid', 'same', 'causal'),
        dilationRate: single,
        groups: whole,
      },
      { ...kernelFixed, ...channelsLast },
    ),
    Conv2D: layer(
      {
        ...kernel,
        filters: whole,
        kernelSize: sizes,
        strides: sizes,
        padding,
        dilationRate: sizes,
        groups: whole,
      },
      { ...kernelFixed, ...channelsLast },
    ),
    Conv2DTranspose: layer(
      {
        ...kernel,
        filters: whole,
        kernelSize: sizes,
        strides: sizes,
        padding,
        outputPadding: nullable(sizes),
      },
      { ...kernelFixed, ...channelsLast, dilation_rate: [1, [1, 1]] },
    ),
    Dense: layer(
      { ...kernel, units: whole },
      { ...kernelFixed, lora_rank: none, lora_alpha: none, quantization_config: none },
    ),
    DepthwiseConv2D: layer(depthwise, depthwiseFixed),
    Dropout: layer({ rate: number, noiseShape: nullable(shape), seed }),
    Embedding: layer(
      {
        inputDim: whole,
        outputDim: whole,
        embeddingsInitializer: initializer,
        embeddingsRegularizer: regularizer,
      },
      {
        activity_regularizer: none,
        embeddings_constraint: none,
        mask_zero: [false],
        lora_rank: none,
        lora_alpha: none,
        quantization_config: none,
      },
    ),
    Flatten: layer({}, channelsLast),
    GaussianNoise: layer({ stddev: number, seed }),
    GlobalAveragePooling1D: globalPooling,
    GlobalAveragePooling2D: globalPooling,
    GlobalMaxPooling1D: globalPooling,
    GlobalMaxPooling2D: globalPooling,
    LayerNormalization: layer(
      { ...normalization, axis: sizes },
      { ...normalizationFixed, rms_scaling: [false] },
    ),
    LeakyReLU: layer({ negativeSlope: number }),
    MaxPooling1D: pooling1d,
    MaxPooling2D: pooling,
    Permute: layer({ dims: sizes }),
    ReLU: layer({ maxValue: nullable(number), negativeSlope: number, threshold: number }),
    RepeatVector: layer({ n: whole }),
    Reshape: layer({ targetShape: sizes }),
    SeparableConv2D: layer(
      { ...depthwise, filters: whole, pointwiseInitializer: initializer, pointwiseRegularizer: regularizer },
      { ...depthwiseFixed, pointwise_constraint: none },
    ),
    Softmax: layer({ axis: whole }),
    UpSampling2D: layer({ size: sizes, interpolation: word('nearest', 'bilinear') }, channelsLast),
    ZeroPadding2D: layer({ padding: sizes }, channelsLast),
  },
};
