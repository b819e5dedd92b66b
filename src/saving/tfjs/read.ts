import path from 'node:path';
import type { Serialized } from '../../registry.js';
import type { Shape } from '../../shape.js';
import { Bytes } from '../bytes.js';
import type { ModelDescription, StoredValue } from '../description.js';
import { parseJson } from '../json.js';
import { readShape } from '../keras/config.js';
import { isObject, isText } from '../keras/kinds.js';
import { Place } from '../keras/place.js';
import { FileValue } from '../keras/values.js';
import { readFile } from '../read-file.js';
import { readBare, TFJS_LAYERS } from './tables.js';

const MAX_CONFIG = 16 * 2 ** 20;
const MAX_RANK = 32;
/** The names of weight files: beside the model, nowhere else. */
const PLAIN_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

/**
 * Reads a layers model of TensorFlow.js: `model.json` and the files of weights that it names, which lie beside it.
 * What it was compiled with is not read.
 *
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE; FILE_CORRUPT, UNSUPPORTED with `file`, `layer`, `argument`
 */
export async function readLayersModel(file: string): Promise<ModelDescription> {
  const bytes = new Bytes(file, await readFile(file));
  if (bytes.length > MAX_CONFIG) throw bytes.corrupt(0, `at most ${MAX_CONFIG} bytes`, String(bytes.length));
  const place = new Place('model', { file });
  const json = parseJson(bytes);
  const { modelTopology, weightsManifest, format = 'layers-model' } = isObject(json) ? json : {};
  if (format !== 'layers-model') throw place.argument('format').unsupported('"layers-model"', format);
  const topology = readTopology(modelTopology, place);
  const weights = await readManifest(weightsManifest, file, place.argument('weightsManifest'));
  const layers = topology.layers.map((layer) => ({
    ...layer,
    inputShape: undefined,
    weights: takeWeights(weights, String(layer.config.name)),
  }));
  if (weights.size > 0) {
    const left = [...weights.values()].flat().map(({ name }) => name);
    throw place.argument('weightsManifest').corrupt('weights of the layers', left.slice(0, 10).join(', '));
  }
  return { className: 'Sequential', ...topology, layers, compile: undefined, optimizerState: undefined };
}

/**
 * What Keras 2 and tfjs-layers say of a Sequential model.
 *
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED
 */
export function readTopology(
  value: unknown,
  place: Place,
): { name: string; inputShape: Shape | undefined; layers: Serialized[] } {
  const at = place.argument('modelTopology');
  const { model_config: inner = value } = isObject(value) ? value : {};
  const { class_name: className, config } = isObject(inner) ? inner : {};
  if (className !== 'Sequential') throw at.unsupported('a Sequential model', className);
  // The first versions of Keras 2 wrote the layers alone.
  const { name = 'sequential', layers = config } = isObject(config) ? config : {};
  if (!isText(name)) throw at.argument('name').corrupt('a name', name);
  if (!Array.isArray(layers) || layers.length > 10_000)
    throw at.argument('layers').corrupt('a list of layers', layers);
  const [first, ...others] = layers as unknown[];
  const firstConfig = isObject(first) && isObject(first.config) ? first.config : {};
  const isInput = isObject(first) && first.class_name === 'InputLayer';
  return {
    name,
    // Keras 3 says it in its own words where it writes the old form.
    inputShape: readShape(
      firstConfig.batch_input_shape ?? firstConfig.batch_shape,
      place.argument('batch_input_shape'),
    ),
    layers: (isInput ? others : layers).map((layer, i) => readLayer(layer, i, place)),
  };
}

function readLayer(value: unknown, index: number, place: Place): Serialized {
  const config = isObject(value) && isObject(value.config) ? value.config : {};
  const name = isText(config.name) ? config.name : `layer ${index}`;
  return readBare(TFJS_LAYERS, value, place.of(`layer "${name}"`, { layer: name }));
}

/** The weights by the name of their layer, in the order of the manifest: trainable ones first, as everywhere. */
async function readManifest(
  manifest: unknown,
  file: string,
  place: Place,
): Promise<Map<string, FileValue[]>> {
  if (!Array.isArray(manifest)) throw place.corrupt('a list of groups', manifest);
  const byLayer = new Map<string, FileValue[]>();
  const read = new Set<unknown>();
  for (const group of manifest) {
    const { paths, weights } = isObject(group) ? group : {};
    const isNew = (name: unknown) => !read.has(name) && read.add(name);
    if (
      !Array.isArray(paths) ||
      !paths.every((name) => isText(name) && PLAIN_NAME.test(name) && isNew(name))
    ) {
      throw place.argument('paths').corrupt('names of files beside the model, each once', paths);
    }
    if (!Array.isArray(weights)) throw place.argument('weights').corrupt('a list', weights);
    // What an optimizer keeps is of no use without it.
    const all = weights.map((weight) => ({
      spec: readSpec(weight, place),
      isState: isObject(weight) && weight.group === 'optimizer',
    }));
    const parts = await Promise.all(
      (paths as string[]).map((name) => readFile(path.join(path.dirname(file), name))),
    );
    const bytes = new Bytes(paths.join(', '), Buffer.concat(parts));
    let at = 0;
    for (const { spec, isState } of all) {
      const size = spec.shape.reduce((product, length) => product * length, 4);
      const value = new FileValue(file, spec.name, {
        dtype: spec.dtype,
        shape: spec.shape,
        data: bytes.slice(at, size),
      });
      at += size;
      if (isState) continue;
      const layer = spec.name.slice(0, Math.max(0, spec.name.indexOf('/')));
      const values = byLayer.get(layer);
      if (values === undefined) byLayer.set(layer, [value]);
      else values.push(value);
    }
    if (at !== bytes.length)
      throw bytes.corrupt(at, 'the end of the weights', `${bytes.length - at} more bytes`);
  }
  return byLayer;
}

function readSpec(value: unknown, place: Place): Spec {
  const { name, shape, dtype, quantization } = isObject(value) ? value : {};
  if (!isText(name)) throw place.corrupt('weights with names', value);
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isSize)) {
    throw place.argument(name).corrupt('a shape', shape);
  }
  if (quantization !== undefined)
    throw place.argument(name).unsupported('weights that are not quantized', quantization);
  if (dtype !== 'float32' && dtype !== 'int32')
    throw place.argument(name).unsupported('float32 or int32', dtype);
  return { name, shape, dtype };
}

function takeWeights(weights: Map<string, FileValue[]>, layer: string): readonly StoredValue[] {
  const found = weights.get(layer) ?? [];
  weights.delete(layer);
  return found;
}
