import type { Serialized } from '../../registry.js';
import { type ClassSchema, type ClassTable, readConfig, writeConfig } from '../keras/class-table.js';
import {
  activation,
  as,
  flag,
  isObject,
  isText,
  type Kind,
  number,
  sizes,
  toSnake,
  whole,
  word,
} from '../keras/kinds.js';
import type { Place } from '../keras/place.js';
import { INITIALIZERS } from '../keras/tables/initializers.js';
import { initializer, LAYERS, regularizer } from '../keras/tables/layers.js';
import { REGULARIZERS } from '../keras/tables/regularizers.js';

/** Activations that are the same in tfjs-layers 4.22. (Its hard sigmoid is Keras 2's, another function.) */
const ACTIVATIONS = [
  'elu',
  'gelu',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];

/** tfjs-layers' names for distributions: its normal one is cut at two standard deviations. */
const distribution: Kind = {
  read: (value, place) => (value === 'normal' ? 'truncatedNormal' : DISTRIBUTIONS.read(value, place)),
  write(value, place) {
    if (value === 'truncatedNormal') return 'normal';
    if (value === 'uniform') return 'uniform';
    throw place.unsupported('truncatedNormal or uniform', value);
  },
};
const DISTRIBUTIONS = word('truncatedNormal', 'untruncatedNormal', 'uniform');

/** One that tfjs-layers lacks: read as it is, written only where it has the value that says nothing. */
function lacking(kind: Kind, ...values: readonly unknown[]): Kind {
  return {
    ...kind,
    write(value, place) {
      if (!values.includes(value)) throw place.unsupported(values.map(String).join(' or '), value);
      return undefined;
    },
  };
}

const initializers: ClassTable = {
  ...INITIALIZERS,
  classes: {
    ...INITIALIZERS.classes,
    VarianceScaling: {
      ...INITIALIZERS.classes.VarianceScaling,
      arguments: { ...INITIALIZERS.classes.VarianceScaling!.arguments, distribution },
    },
  },
};

const activationName: Kind = {
  read(value, place) {
    if (value === null) return undefined;
    const found = ACTIVATIONS.find((name) => toSnake(name) === value || name === value);
    if (found === undefined) throw place.unsupported(`one of ${ACTIVATIONS.join(', ')}`, value);
    return found;
  },
  write(value, place) {
    if (ACTIVATIONS.includes(value as string)) return toSnake(value as string);
    throw place.unsupported(`one of ${ACTIVATIONS.join(', ')}`, value);
  },
};

/** It has one class of them. */
const bareRegularizer: Kind = {
  ...bareObjectOf(REGULARIZERS),
  write(value, place) {
    const { config } = value as Serialized;
    return bareObjectOf(REGULARIZERS).write(
      { className: 'L1L2', config: { l1: 0, l2: 0, ...config } },
      place,
    );
  },
};

/** Which kinds of Keras's are others here. */
const REPLACED = new Map<Kind, Kind>([
  [initializer, bareObjectOf(initializers)],
  [regularizer, bareRegularizer],
  [activation, activationName],
]);

/** It writes null for the size that is left. */
const targetShape: Kind = {
  ...sizes,
  read(value, place) {
    return sizes.read(Array.isArray(value) ? value.map((size) => size ?? -1) : value, place);
  },
};
const keepdims = lacking(flag, false);
const OVERRIDES: Readonly<Record<string, ClassSchema['arguments']>> = {
  Conv1D: {
    groups: lacking(whole, 1),
    padding: { ...word('valid', 'same', 'causal'), write: word('valid', 'same').write },
  },
  Conv2D: { groups: lacking(whole, 1) },
  Conv2DTranspose: { outputPadding: lacking(LAYERS.classes.Conv2DTranspose!.arguments.outputPadding!) },
  GaussianNoise: { seed: { ...lacking(whole), write: () => undefined } },
  GlobalAveragePooling1D: { keepdims },
  GlobalAveragePooling2D: { keepdims },
  GlobalMaxPooling1D: { keepdims },
  GlobalMaxPooling2D: { keepdims },
  LeakyReLU: { negativeSlope: as('alpha', number) },
  Reshape: { targetShape },
  // Its bilinear interpolation takes the corners of pixels, not their centres.
  UpSampling2D: { interpolation: word('nearest') },
  ReLU: { negativeSlope: lacking(number, 0), threshold: lacking(number, 0) },
};

/** What the first layer says of the input; and what older versions of Keras wrote. */
const FIXED: ClassSchema['fixed'] = {
  batch_input_shape: 'any',
  input_length: [null],
  mask_zero: [false, null],
};

/** The layers of tfjs-layers, from Keras's. */
export const TFJS_LAYERS: ClassTable = {
  ...LAYERS,
  module: 'tfjs-layers',
  classes: Object.fromEntries(
    Object.entries(LAYERS.classes).map(([className, schema]) => [
      className,
      {
        arguments: {
          ...Object.fromEntries(
            Object.entries(schema.arguments).map(([name, kind]) => [name, REPLACED.get(kind) ?? kind]),
          ),
          ...OVERRIDES[className],
        },
        fixed: { ...schema.fixed, ...FIXED },
      },
    ]),
  ),
};

/** An object as Keras 2 and tfjs-layers write it: with no module. */
function bareObjectOf(table: ClassTable): Kind {
  return {
    read(value, place) {
      if (value === null || isText(value)) return value ?? undefined;
      return readBare(table, value, place);
    },
    write(value, place) {
      const { className, config } = value as Serialized;
      return { class_name: className, config: writeConfig(table.classes[className]!, config, place) };
    },
  };
}

/** An object of a table. @throws CnnError FILE_CORRUPT, UNSUPPORTED */
export function readBare(table: ClassTable, value: unknown, place: Place): Serialized {
  const { class_name: className, config = {} } = isObject(value) ? value : {};
  if (!isText(className) || !isObject(config))
    throw place.corrupt('an object with class_name and config', value);
  if (!Object.hasOwn(table.classes, className))
    throw place.unsupported(`known ${table.kind} classes`, className);
  return { className, config: readConfig(table.classes[className]!, config, place) };
}
