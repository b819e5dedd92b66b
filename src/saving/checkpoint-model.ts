import { CnnError } from '../errors.js';
import type { HostArray } from '../runtime/host-array.js';
import { Bytes } from './bytes.js';
import { readCheckpoint } from './checkpoint.js';
import type { LayerDescription, ModelDescription, StoredValue } from './description.js';
import { parseJson, writeJson } from './json.js';
import { readModelConfig, readShape, writeModelConfig } from './keras/config.js';
import { isObject, isText } from './keras/kinds.js';
import { Place } from './keras/place.js';

/** What a checkpoint says of its model, beside the values `weights/0`, `weights/1` ...: plain JSON. */
export interface CheckpointModel {
  readonly name: string;
  readonly inputShape: readonly (number | null)[];
  readonly layers: readonly {
    readonly className: string;
    readonly config: Readonly<Record<string, unknown>>;
    /** Number of its weights. */
    readonly weights: number;
  }[];
}

/**
 * Reads the model of a training's checkpoint, as it was at that moment. What it was compiled with is not read.
 *
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE; FILE_CORRUPT, UNSUPPORTED with `file`, `layer`, `argument`
 */
export async function readCheckpointModel(file: string): Promise<ModelDescription> {
  const { tensors, state } = await readCheckpoint(file);
  const place = new Place('model', { file });
  const { name, inputShape, layers } = isObject(state.model) ? state.model : {};
  if (!isText(name)) throw place.argument('name').corrupt('a name', name);
  if (!Array.isArray(layers)) throw place.argument('layers').corrupt('a list', layers);
  let next = 0;
  const described = layers.map((layer: unknown): LayerDescription => {
    const { className, config, weights } = isObject(layer) ? layer : {};
    const isRight = isText(className) && isObject(config) && Number.isInteger(weights);
    if (!isRight) throw place.argument('layers').corrupt('className, config and number of weights', layer);
    const values = Array.from({ length: Math.min(weights as number, tensors.size) }, () => {
      const key = `weights/${next++}`;
      return storedValue(key, tensors.get(key), place);
    });
    return { className, config, inputShape: undefined, weights: values };
  });
  const description: ModelDescription = {
    className: 'Sequential',
    name,
    inputShape: readShape(inputShape, place.argument('inputShape')),
    layers: described.filter(({ className }) => className !== 'InputLayer'),
    compile: undefined,
    optimizerState: undefined,
  };
  return { ...description, layers: checked(description, file) };
}

/** The layers with configs that have been through the tables of classes, as those of any file. */
function checked(description: ModelDescription, file: string): LayerDescription[] {
  let json: Uint8Array;
  try {
    json = new TextEncoder().encode(writeJson(writeModelConfig(description)));
  } catch (cause) {
    if (cause instanceof CnnError) throw cause;
    throw new CnnError('FILE_CORRUPT', `${file}: its model cannot be read`, { file, cause });
  }
  const { layers } = readModelConfig(parseJson(new Bytes(file, json)), file, false);
  return layers.map((layer, i) => ({ ...description.layers[i]!, ...layer }));
}

function storedValue(name: string, value: HostArray | undefined, place: Place): StoredValue {
  if (value === undefined) throw place.argument(name).corrupt('a value', 'none');
  const { shape, data } = value;
  if (data instanceof Float32Array) return { name, shape, dtype: 'float32', values: data };
  if (data instanceof Int32Array) return { name, shape, dtype: 'int32', values: data };
  throw place.argument(name).corrupt('float32 or int32', data.constructor.name);
}
