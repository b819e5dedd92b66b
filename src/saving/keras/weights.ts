import { CnnError } from '../../errors.js';
import type { ModelDescription } from '../description.js';
import type { Hdf5Dataset, Hdf5Group } from '../hdf5/tree.js';
import type { GroupContent } from '../hdf5/write.js';
import { layerPaths } from './layer-paths.js';
import { FileValue, toDataset, toInt64Dataset } from './values.js';

/** What Keras may save that is no part of a model here: states of random numbers and of metrics. */
const IGNORED = /(^|\/)(seed_generator|metrics)(\/|$)/;
const VARS = 'vars';

/** The values in `model.weights.h5`. */
export interface ModelValues {
  /** Of each layer, in order. */
  readonly layers: readonly (readonly FileValue[])[];
  readonly optimizer: readonly FileValue[] | undefined;
}

/**
 * The values of some layers, from where Keras puts them.
 *
 * @param classNames of the layers, without the one that stands for the input
 * @throws CnnError FILE_CORRUPT for a value that belongs to nothing, UNSUPPORTED
 */
export function readWeights(file: string, root: Hdf5Group, classNames: readonly string[]): ModelValues {
  const taken = new Set<Hdf5Group>();
  const valuesAt = (path: string): FileValue[] | undefined => {
    const group = groupAt(root, `${path}/${VARS}`);
    if (group === undefined) return undefined;
    taken.add(group);
    return inOrder(file, group, `${path}/${VARS}`);
  };
  const layers = layerPaths(classNames).map((path) => valuesAt(path) ?? []);
  const optimizer = valuesAt('optimizer');
  refuseOthers(file, root, '', taken);
  return { layers, optimizer };
}

/** The tree of `model.weights.h5`. */
export function writeWeights({ name, layers, compile, optimizerState }: ModelDescription): GroupContent {
  const layerGroups = new Map(
    layerPaths(layers.map(({ className }) => className)).map((path, i) => {
      const { config, weights } = layers[i]!;
      return [path.split('/')[1]!, holder(String(config.name), weights.map(toDataset))];
    }),
  );
  const groups = new Map<string, GroupContent>([
    ['layers', { groups: layerGroups }],
    [VARS, { attributes: { name } }],
  ]);
  if (optimizerState !== undefined && compile !== undefined) {
    const { optimizer } = compile;
    const [iteration, ...rest] = optimizerState;
    const datasets = [toInt64Dataset(iteration!), ...rest.map(toDataset)];
    const given = typeof optimizer === 'string' ? optimizer : optimizer.config.name;
    groups.set('optimizer', holder(String(given), datasets));
  }
  return { groups };
}

/** A group as Keras makes one for each object: its variables by number, in a group with its name. */
function holder(name: string, datasets: readonly Hdf5Dataset[]): GroupContent {
  const vars: GroupContent = {
    attributes: { name },
    datasets: new Map(datasets.map((dataset, i) => [String(i), dataset])),
  };
  return { groups: new Map([[VARS, vars]]) };
}

function groupAt(root: Hdf5Group, path: string): Hdf5Group | undefined {
  return path.split('/').reduce<Hdf5Group | undefined>((group, name) => group?.groups.get(name), root);
}

/** The arrays 0, 1, 2 ... of a group. */
function inOrder(file: string, { datasets }: Hdf5Group, path: string): FileValue[] {
  return Array.from({ length: datasets.size }, (_, i) => {
    const dataset = datasets.get(String(i));
    if (dataset !== undefined) return new FileValue(file, `${path}/${i}`, dataset);
    throw new CnnError('FILE_CORRUPT', `${file}: a value of ${path} is missing`, {
      file,
      expected: `0 to ${datasets.size - 1}`,
      received: [...datasets.keys()].slice(0, 20).join(', '),
    });
  });
}

/** Whatever was not read must hold no values: else the file is not of the model that its config describes. */
function refuseOthers(file: string, group: Hdf5Group, path: string, taken: ReadonlySet<Hdf5Group>): void {
  if (IGNORED.test(path)) return;
  if (!taken.has(group) && group.datasets.size > 0) {
    throw new CnnError(
      'FILE_CORRUPT',
      `${file}: ${path || '/'} holds values that no layer of the model has`,
      {
        file,
        received: `${group.datasets.size} arrays`,
      },
    );
  }
  for (const [name, child] of group.groups)
    refuseOthers(file, child, path === '' ? name : `${path}/${name}`, taken);
}
