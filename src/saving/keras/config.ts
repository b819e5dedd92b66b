import { isDeepStrictEqual } from 'node:util';
import type { Serialized } from '../../registry.js';
import type { Shape } from '../../shape.js';
import type { ModelDescription } from '../description.js';
import { readConfig, readEnvelope, schemaOf, writeObject } from './class-table.js';
import { readCompile, writeCompile } from './compile-config.js';
import { chainOf } from './functional.js';
import { isObject, isText } from './kinds.js';
import { Place } from './place.js';
import { LAYERS } from './tables/layers.js';

/** Classes of models, by where Keras's versions have them. */
const MODELS: ReadonlyMap<string, 'Sequential' | 'Functional'> = new Map([
  ['keras.Sequential', 'Sequential'],
  ['keras.models.Sequential', 'Sequential'],
  ['keras.Functional', 'Functional'],
  ['keras.models.Functional', 'Functional'],
  ['keras.src.models.functional.Functional', 'Functional'],
]);
const INPUT_LAYER = 'InputLayer';
const MAX_LAYERS = 10_000;
const MAX_RANK = 16;
const MAX_SIZE = 2 ** 31 - 1;
/** Types that an input may have in Keras; whatever comes is cast to what layers compute in. */
const INPUT_TYPES = [
  'float32',
  'float16',
  'float64',
  'bfloat16',
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'bool',
];

/** What a config says of a model: all but the values. */
export type ModelConfig = Pick<ModelDescription, 'className' | 'name' | 'inputShape' | 'compile'> & {
  readonly layers: readonly Serialized[];
};

/**
 * Keras's `config.json` in our spelling. A Functional model whose layers follow one another is read as a Sequential.
 *
 * @param compile whether what the file says of `compile` is read
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED, with `file`, `layer`, `argument`
 */
export function readModelConfig(value: unknown, file: string, compile: boolean): ModelConfig {
  const place = new Place('model', { file });
  const { module, className, config, buildConfig, compileConfig } = readEnvelope(value, place);
  const kind = MODELS.get(`${String(module)}.${className}`);
  if (kind === undefined) {
    throw place.unsupported('keras.Sequential, or a Functional model', `${String(module)}.${className}`);
  }
  const sequence = kind === 'Functional' ? chainOf(config, place) : config;
  const { name, layers, build_input_shape, trainable = true, dtype, ...rest } = sequence;
  if (!isText(name)) throw place.argument('name').corrupt('a name', name);
  if (trainable !== true) throw place.argument('trainable').unsupported('true', trainable);
  readConfig(
    { arguments: { dtype: LAYERS.classes.Flatten!.arguments.dtype! } },
    { dtype: dtype ?? null, ...rest },
    place,
  );
  if (!Array.isArray(layers) || layers.length > MAX_LAYERS) {
    throw place.argument('layers').corrupt(`a list of at most ${MAX_LAYERS} layers`, layers);
  }
  const [first, ...others] = layers as unknown[];
  const hasInput = isObject(first) && first.class_name === INPUT_LAYER && first.module === LAYERS.module;
  const inputShape = hasInput
    ? readInputLayer(first, place)
    : readShape(build_input_shape ?? shapeOfBuild(buildConfig), place.argument('build_input_shape'));
  return {
    className: 'Sequential',
    name,
    inputShape,
    layers: (hasInput ? others : (layers as unknown[])).map((layer, i) => readLayer(layer, i, place)),
    compile: compile && !isEmpty(compileConfig) ? readCompile(compileConfig, place.of('compile')) : undefined,
  };
}

/** Keras writes an empty object for a model that is not compiled. */
function isEmpty(compileConfig: unknown): boolean {
  return compileConfig === undefined || compileConfig === null || isDeepStrictEqual(compileConfig, {});
}

/** A model as Keras's `config.json`. @throws CnnError UNSUPPORTED, with `layer`, `argument` */
export function writeModelConfig(model: ModelDescription): Record<string, unknown> {
  const { name, inputShape, compile } = model;
  const place = new Place(`model "${name}"`);
  const input = {
    module: LAYERS.module,
    class_name: INPUT_LAYER,
    config: { batch_shape: inputShape, dtype: 'float32', name: inputNameFor(model) },
    registered_name: null,
  };
  const layers = model.layers.map(({ inputShape: shape, ...layer }) => {
    const { inputShape: _, ...config } = layer.config;
    const layerName = String(config.name);
    const at = place.of(`layer "${layerName}" (${layer.className})`, { layer: layerName });
    const written = writeObject(LAYERS, { className: layer.className, config }, at, at);
    return shape === undefined ? written : { ...written, build_config: { input_shape: shape } };
  });
  return {
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name,
      trainable: true,
      layers: inputShape === undefined ? layers : [input, ...layers],
      ...(inputShape === undefined ? {} : { build_input_shape: inputShape }),
    },
    registered_name: null,
    ...(inputShape === undefined ? {} : { build_config: { input_shape: inputShape } }),
    ...(compile === undefined ? {} : { compile_config: writeCompile(compile, place.of('compile')) }),
  };
}

function readLayer(value: unknown, index: number, place: Place): Serialized {
  const object = readEnvelope(value, place.of(`layer ${index}`));
  const name = isText(object.config.name) ? object.config.name : `layer ${index}`;
  const at = place.of(`layer "${name}" (${object.className})`, { layer: name });
  const schema = schemaOf(LAYERS, object, at);
  return { className: object.className, config: readConfig(schema, object.config, at) };
}

function readInputLayer(value: unknown, place: Place): Shape {
  const { config } = readEnvelope(value, place);
  const at = place.of(`layer "${String(config.name)}" (${INPUT_LAYER})`, { layer: String(config.name) });
  // Older versions of Keras 3 write the shape as `batch_input_shape`.
  const { batch_shape, batch_input_shape, dtype = 'float32', name, ...rest } = config;
  if (!isText(name)) throw at.argument('name').corrupt('a name', name);
  if (!INPUT_TYPES.includes(dtype as string))
    throw at.argument('dtype').unsupported(INPUT_TYPES.join(', '), dtype);
  const fixed = { sparse: [false], ragged: [false], optional: [false], trainable: [true] };
  readConfig({ arguments: {}, fixed }, rest, at);
  const shape = readShape(batch_shape ?? batch_input_shape, at.argument('batch_shape'));
  if (shape === undefined) throw at.argument('batch_shape').corrupt('a shape', batch_shape);
  return shape;
}

/** A shape with its batch dimension, which is null here whatever it is in the file. */
export function readShape(value: unknown, place: Place): Shape | undefined {
  if (value === undefined || value === null) return undefined;
  const isSize = (size: unknown) =>
    size === null || (Number.isSafeInteger(size) && (size as number) > 0 && (size as number) <= MAX_SIZE);
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RANK || !value.every(isSize)) {
    throw place.corrupt('a shape, batch dimension first', value);
  }
  return [null, ...value.slice(1)];
}

function shapeOfBuild(buildConfig: unknown): unknown {
  return isObject(buildConfig) ? buildConfig.input_shape : undefined;
}

/** A name that no layer has. */
function inputNameFor({ layers }: ModelDescription): string {
  const taken = new Set(layers.map(({ config }) => config.name));
  let name = 'input_layer';
  for (let i = 1; taken.has(name); i++) name = `input_layer_${i}`;
  return name;
}
