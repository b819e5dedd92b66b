import path from 'node:path';
import { CnnError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import type { HostArray } from '../runtime/host-array.js';
import type { Variable } from '../runtime/variable.js';
import type { StoredValue } from '../saving/description.js';
import { readFile } from '../saving/read-file.js';
import { restoreVariables } from '../saving/restore.js';
import { readSafetensors, writeSafetensors } from '../saving/safetensors.js';
import type { Model } from './model.js';

/** The body of `Model.saveWeights`. */
export async function saveWeights(model: Model, file: string): Promise<void> {
  checkName(file);
  const values = model.getWeights();
  const tensors = new Map([...namedWeights(model).keys()].map((name, i) => [name, values[i]!]));
  await replaceFile(file, writeSafetensors({ tensors, metadata: {} }));
}

/** The body of `Model.loadWeights`. */
export async function loadWeights(model: Model, file: string): Promise<void> {
  checkName(file);
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

function toStoredValue(name: string, { shape, data }: HostArray): StoredValue {
  if (data instanceof Float32Array) return { name, shape, dtype: 'float32', values: data };
  return { name, shape, dtype: 'int32', values: Int32Array.from(data) };
}

/** Weights by the name of their layer and their own: `dense_1/kernel`. */
function namedWeights(model: Model): Map<string, Variable> {
  if (model.inputShape === undefined) {
    throw new CnnError('NOT_BUILT', `model "${model.name}" has no weights yet`, {
      hint: 'Give the first layer an inputShape, or call the model on data first.',
    });
  }
  return new Map(
    model.layers.flatMap((layer) =>
      layer.weights.map((weight) => [`${layer.name}/${weight.name}`, weight] as const),
    ),
  );
}

function checkName(file: string): void {
  if (path.extname(file) === '.safetensors') return;
  throw new CnnError('INVALID_ARGUMENT', 'the file of weights has a name of another format', {
    argument: 'file',
    expected: 'a name that ends with .safetensors',
    received: file,
  });
}
