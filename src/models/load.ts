import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getMetric } from '../metrics/get.js';
import { ready } from '../runtime/backend.js';
import { readCheckpointModel } from '../saving/checkpoint-model.js';
import type { CompileDescription, ModelDescription } from '../saving/description.js';
import { readH5Model } from '../saving/h5-model.js';
import { readKeras } from '../saving/keras/archive.js';
import { readFile } from '../saving/read-file.js';
import { blame, restoreLayers, restoreOptimizer } from '../saving/restore.js';
import { readLayersModel } from '../saving/tfjs/read.js';
import { Sequential } from './sequential.js';

/** What `loadModel` takes beside the file. */
export interface LoadOptions {
  /** Whether to compile the model as it was when saved, with the state of its optimizer. Default: true. */
  compile?: boolean;
}

/**
 * Loads a model from a `.keras` file, saved here or by Keras 3: layers, weights and, if it was compiled, optimizer
 * with its state, loss and metrics, so that training can go on. A name that ends with `.json` is a layers model of
 * TensorFlow.js, with its weights beside it, one that ends with `.h5` a whole model of Keras 2, `.safetensors` the
 * checkpoint of a training; these come without what they were compiled with.
 *
 * Safe for files from anywhere: nothing in a file is run, no other file is opened, and no memory is taken but for what
 * the file holds. What cannot be represented is refused by name.
 *
 * @param source its path, or its bytes
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE; FILE_CORRUPT, UNSUPPORTED with `file`, and `layer` and `argument`
 *   where there are such
 * @example
 * const model = await loadModel('mlp.keras');
 * await model.fit(train, { epochs: 5 });
 */
export async function loadModel(
  source: string | URL | Uint8Array,
  { compile = true }: LoadOptions = {},
): Promise<Sequential> {
  const file =
    source instanceof Uint8Array ? 'the model' : source instanceof URL ? fileURLToPath(source) : source;
  const description = await readDescription(source instanceof Uint8Array ? source : file, compile);
  await ready();
  const layers = restoreLayers(description, file);
  const model = new Sequential([], { name: description.name });
  try {
    blame(file, {}, 'a model', () => {
      for (const layer of layers) model.add(layer);
      if (description.inputShape !== undefined) model.buildFor(description.inputShape);
    });
    restoreCompiled(model, description, file);
    return model;
  } catch (error) {
    model.dispose();
    for (const layer of layers) layer.dispose();
    throw error;
  }
}

async function readDescription(source: string | Uint8Array, compile: boolean): Promise<ModelDescription> {
  if (source instanceof Uint8Array) return readArchive(source, 'the model', compile);
  switch (path.extname(source)) {
    case '.json':
      return readLayersModel(source);
    case '.h5':
    case '.hdf5':
      return readH5Model(await readFile(source), source);
    case '.safetensors':
      return readCheckpointModel(source);
    default:
      return readArchive(await readFile(source), source, compile);
  }
}

async function readArchive(bytes: Uint8Array, file: string, compile: boolean): Promise<ModelDescription> {
  // How much a packed archive can hold is asked of its layers, of which some have state.
  await ready();
  return readKeras(bytes, file, { compile });
}

function restoreCompiled(
  model: Sequential,
  { compile, optimizerState }: ModelDescription,
  file: string,
): void {
  if (compile === undefined) return;
  const { optimizer, loss, metrics, weightedMetrics, jit, stepsPerExecution } = compile;
  blame(file, {}, 'what the model was compiled with', () => {
    checkMetrics(compile);
    model.compile({ optimizer, loss, metrics, weightedMetrics, jit, stepsPerExecution });
  });
  if (optimizerState === undefined) return;
  model.optimizer.build(model.trainableWeights);
  restoreOptimizer(model.optimizer, optimizerState, file);
}

/** Metrics are made when the data is known; one that does not exist is to be told now. */
function checkMetrics({ metrics, weightedMetrics }: CompileDescription): void {
  for (const identifier of [...metrics, ...weightedMetrics]) getMetric(identifier).dispose();
}
