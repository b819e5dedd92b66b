import path from 'node:path';
import { CnnError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import type { HostArray } from '../runtime/host-array.js';
import type { Variable } from '../runtime/variable.js';
import type { StoredValue } from '../saving/description.js';
import { writeHdf5 } from '../saving/hdf5/write.js';
import { readH5Weights } from '../saving/keras/h5-weights.js';
import { writeWeights } from '../saving/keras/weights.js';
import { readFile } from '../saving/read-file.js';
import { restoreVariables } from '../saving/restore.js';
import { readSafetensors, writeSafetensors } from '../saving/safetensors.js';
import type { Model } from './model.js';
import { describeModel } from './save.js';

/** The body of `Model.saveWeights`. */
export async function saveWeights(model: Model, file: string): Promise<void> {
  requireBuilt(model);
  if (file.endsWith('.safetensors')) {
    const values = model.getWeights();
    const tensors = new Map([...namedWeights(model).keys()].map((name, i) => [name, values[i]!]));
    return replaceFile(file, writeSafetensors({ tensors, metadata: {} }));
  }
  if (file.endsWith('.weights.h5')) {
    return replaceFile(
      file,
      writeHdf5(writeWeights(await describeModel(model, { includeOptimizer: false }))),
    );
  }
  throw wrongName(file, 'a name that ends with .safetensors or .weights.h5');
}

/** The body of `Model.loadWeights`. */
export async function loadWeights(model: Model, file: string): Promise<void> {
  requireBuilt(model);
  switch (path.extname(file)) {
    case '.safetensors':
      return loadByName(model, file);
    case '.h5':
      return loadH5(model, file);
    default:
      throw wrongName(file, 'a name that ends with .safetensors or .h5');
  }
}

async function loadByName(model: Model, file: string): Promise<void> {
  const { tensors: stored } = readSafetensors(await readFile(file), file);
  const weights = namedWeights(model);
  const missing = [...weights.keys()].filter((name) => !stored.has(name));
  const strange = [...stored.keys()].filter((name) => !weights.has(name));
  if (missing.length + strange.length > 0) {
    throw new CnnError('FILE_CORRUPT', `${file} has the weights of another model than "${model.name}"`, {
      file,
      expected: missing.length > 0 ? missing.slice(0, 10).join(', ') : 'no others than the model has',
      received: strange.slice(0, 10).join(', ') || 'fewer',
    });
  }
  const values = [...weights.keys()].map((name) => toStoredValue(name, stored.get(name)!));
  restoreVariables([...weights.values()], values, file, `model "${model.name}"`);
}

async function loadH5(model: Model, file: string): Promise<void> {
  const layers = model.layers.filter(({ className }) => className !== 'InputLayer');
  const takers = layers.map(({ className, weights }) => ({ className, weightCount: weights.length }));
  const stored = readH5Weights(await readFile(file), file, takers);
  for (const [i, { name, weights }] of layers.entries()) {
    if (stored[i]!.length === weights.length) continue;
    throw new CnnError('FILE_CORRUPT', `${file}: layer "${name}" has another number of weights`, {
      file,
      layer: name,
      expected: String(weights.length),
      received: String(stored[i]!.length),
    });
  }
  const variables = layers.flatMap(({ weights }) => weights);
  restoreVariables(variables, stored.flat(), file, `model "${model.name}"`);
}

function toStoredValue(name: string, { shape, data }: HostArray): StoredValue {
  if (data instanceof Float32Array) return { name, shape, dtype: 'float32', values: data };
  return { name, shape, dtype: 'int32', values: Int32Array.from(data) };
}

/** Weights by the name of their layer and their own: `dense_1/kernel`. */
function namedWeights(model: Model): Map<string, Variable> {
  return new Map(
    model.layers.flatMap((layer) =>
      layer.weights.map((weight) => [`${layer.name}/${weight.name}`, weight] as const),
    ),
  );
}

function requireBuilt(model: Model): void {
  if (model.inputShape !== undefined) return;
  throw new CnnError('NOT_BUILT', `model "${model.name}" has no weights yet`, {
    hint: 'Give the first layer an inputShape, or call the model on data first.',
  });
}

function wrongName(file: string, expected: string): CnnError {
  return new CnnError('INVALID_ARGUMENT', 'the file of weights has a name of another format', {
    argument: 'file',
    expected,
    received: file,
  });
}
