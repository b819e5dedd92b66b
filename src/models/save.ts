import path from 'node:path';
import { CnnError } from '../errors.js';
import { FunctionLoss } from '../losses/function-loss.js';
import { getMetric, type MetricIdentifier } from '../metrics/get.js';
import { canonical, type Serialized, serialize } from '../registry.js';
import { replaceFile } from '../replace-file.js';
import type { Variable } from '../runtime/variable.js';
import type { CompileDescription, ModelDescription, StoredValue } from '../saving/description.js';
import { writeKeras } from '../saving/keras/archive.js';
import { writeLayersModel } from '../saving/tfjs/write.js';
import type { Compiled } from './compiled.js';
import type { Model } from './model.js';

/** What `save` takes beside the path. */
export interface SaveOptions {
  /** Whether the state of the optimizer is saved, so that training can go on where it stopped. Default: true. */
  includeOptimizer?: boolean;
}

/** The body of `Model.save`. */
export async function saveModel(model: Model, file: string, options: SaveOptions): Promise<void> {
  const description = await describeModel(model, options);
  switch (path.extname(file)) {
    case '.keras':
      return replaceFile(file, writeKeras(description));
    case '.json': {
      const weightsFile = `${path.basename(file, '.json')}.weights.bin`;
      const { json, weights } = writeLayersModel(description, weightsFile);
      await replaceFile(path.join(path.dirname(file), weightsFile), weights);
      return replaceFile(file, [json]);
    }
    default:
      throw new CnnError('INVALID_ARGUMENT', 'save: the file has a name of another format', {
        argument: 'file',
        expected: 'a name that ends with .keras or .json',
        received: file,
      });
  }
}

/** The body of `Model.toBytes`. */
export async function modelToBytes(model: Model, options: SaveOptions): Promise<Uint8Array> {
  return Buffer.concat([...writeKeras(await describeModel(model, options))]);
}

/** What a file is to hold of a model: copies of its values, with what `compile` was given. */
export async function describeModel(
  model: Model,
  { includeOptimizer = true }: SaveOptions,
): Promise<ModelDescription> {
  const { name, inputShape, isCompiled } = model;
  const layers = [...model.layers];
  // In files, as in Keras, this one is part of the model's own description.
  if (layers[0]?.className === 'InputLayer') layers.shift();
  return {
    className: 'Sequential',
    name,
    inputShape,
    layers: await Promise.all(
      layers.map(async (layer) => ({
        ...serialize(layer),
        inputShape: layer.inputShape,
        weights: await valuesOf(layer.weights),
      })),
    ),
    compile: isCompiled ? describeCompiled(model.compiled) : undefined,
    optimizerState:
      isCompiled && includeOptimizer && model.optimizer.isBuilt
        ? await valuesOf(model.optimizer.variables)
        : undefined,
  };
}

function describeCompiled({ options, optimizer, loss }: Compiled): CompileDescription {
  const { metrics = [], weightedMetrics = [], jit = true, stepsPerExecution = 'auto' } = options;
  if (loss instanceof FunctionLoss) throw refuseFunction('loss', loss.name);
  return {
    optimizer: serialize(optimizer),
    loss: serialize(loss),
    metrics: metrics.map(describeMetric),
    weightedMetrics: weightedMetrics.map(describeMetric),
    jit,
    stepsPerExecution,
  };
}

/** Accuracy stays a word, since its form depends on the data; all else is what the name means. */
function describeMetric(identifier: MetricIdentifier): Serialized | string {
  if (typeof identifier === 'string' && ['accuracy', 'acc'].includes(canonical(identifier)))
    return 'accuracy';
  if (typeof identifier === 'function') throw refuseFunction('metrics', identifier.name);
  if (identifier instanceof FunctionLoss) throw refuseFunction('metrics', identifier.name);
  const metric = getMetric(identifier);
  const description = { className: metric.className, config: metric.getConfig() };
  if (metric !== identifier) metric.dispose();
  return description;
}

function refuseFunction(argument: string, name: string): CnnError {
  return new CnnError(
    'UNSUPPORTED',
    `compile: ${argument} has a function of your own, and files hold no code`,
    {
      argument,
      received: name,
      hint: 'Save before compile, or use a loss or metric of this package.',
    },
  );
}

function valuesOf(variables: readonly Variable[]): Promise<StoredValue[]> {
  return Promise.all(
    variables.map(async ({ name, shape, dtype }, i) => {
      const tensor = variables[i]!.read();
      try {
        const values = (await tensor.data()) as StoredValue['values'];
        return { name, shape, dtype: dtype as StoredValue['dtype'], values };
      } finally {
        tensor.dispose();
      }
    }),
  );
}
