import { CnnError } from '../../errors.js';
import { Bytes } from '../bytes.js';
import type { StoredValue } from '../description.js';
import { AttributeReader } from '../hdf5/attributes.js';
import { readHdf5 } from '../hdf5/read.js';
import type { Hdf5Group } from '../hdf5/tree.js';
import { FileValue } from './values.js';
import { readWeights } from './weights.js';

/** A layer that takes weights: its class, and how many it has. */
interface Taker {
  readonly className: string;
  readonly weightCount: number;
}

/**
 * The weights in an HDF5 file of Keras's, for each of some layers: `.weights.h5` of Keras 3, by the classes of layers,
 * or `.h5` (weights, or whole models) of Keras 2 and 3, by the order of layers that have weights.
 *
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED
 */
export function readH5Weights(
  data: Uint8Array,
  file: string,
  layers: readonly Taker[],
): (readonly StoredValue[])[] {
  const bytes = new Bytes(file, data);
  const root = readHdf5(bytes);
  const named = readNamedWeights(file, root, new AttributeReader(bytes));
  if (named === undefined) {
    const { layers: values } = readWeights(
      file,
      root,
      layers.map(({ className }) => className),
    );
    return [...values];
  }
  const stored = [...named.values()].filter((weights) => weights.length > 0);
  const takers = layers.filter(({ weightCount }) => weightCount > 0);
  if (stored.length !== takers.length) {
    throw new CnnError('FILE_CORRUPT', `${file} has another number of layers with weights`, {
      file,
      expected: String(takers.length),
      received: String(stored.length),
    });
  }
  let next = 0;
  return layers.map(({ weightCount }) => (weightCount > 0 ? stored[next++]! : []));
}

/** The weights by the name of their layer, as Keras 2 keeps them; undefined where the file is not of that form. */
export function readNamedWeights(
  file: string,
  root: Hdf5Group,
  attributes: AttributeReader,
): Map<string, StoredValue[]> | undefined {
  const holder = root.groups.get('model_weights') ?? root;
  const names = namesIn(file, attributes, holder, 'layer_names');
  return names && new Map(names.map((name) => [name, readLayer(file, holder, name, attributes)]));
}

function readLayer(
  file: string,
  holder: Hdf5Group,
  name: string,
  attributes: AttributeReader,
): StoredValue[] {
  const group = holder.groups.get(name);
  const names = group && namesIn(file, attributes, group, 'weight_names');
  if (names === undefined) throw missing(file, name);
  return names.map((weight) => {
    const parts = weight.split('/');
    const owner = parts.slice(0, -1).reduce<Hdf5Group | undefined>((at, part) => at?.groups.get(part), group);
    const dataset = owner?.datasets.get(parts.at(-1)!);
    if (dataset === undefined) throw missing(file, `${name}/${weight}`);
    return new FileValue(file, weight, dataset);
  });
}

/** A list of names, each there once: so it is no longer than what it names. */
function namesIn(
  file: string,
  attributes: AttributeReader,
  group: Hdf5Group,
  list: string,
): string[] | undefined {
  const names = textsInParts(attributes, group, list);
  if (names === undefined || new Set(names).size === names.length) return names;
  throw new CnnError('FILE_CORRUPT', `${file}: ${list} has a name twice`, {
    file,
    expected: 'each name once',
  });
}

/** Lists that are too long for one attribute are in several, with numbers behind the name. */
function textsInParts(attributes: AttributeReader, group: Hdf5Group, list: string): string[] | undefined {
  const whole = attributes.texts(group, list);
  if (whole !== undefined) return whole;
  const parts: string[][] = [];
  for (let part = attributes.texts(group, `${list}0`); part !== undefined; ) {
    parts.push(part);
    part = attributes.texts(group, `${list}${parts.length}`);
  }
  return parts.length === 0 ? undefined : parts.flat();
}

function missing(file: string, name: string): CnnError {
  return new CnnError('FILE_CORRUPT', `${file}: ${JSON.stringify(name)}, which it lists, is not there`, {
    file,
    expected: name,
  });
}
