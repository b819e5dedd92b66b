import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import { ready, runtimeInfo } from '../runtime/backend.js';
import { freeze } from '../runtime/jit.js';
import { forAnyBatch, TRACED_SIZES, type Traced } from '../saving/graph-def/any-batch.js';
import { type GraphDef, readGraphDef, writeGraphDef } from '../saving/graph-def/graph-def.js';
import { savedModel } from '../saving/graph-def/saved-model.js';
import { shapeAttribute } from '../saving/graph-def/tensor.js';
import { formatShape, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import { applyFrozen } from './frozen.js';
import type { Model } from './model.js';

/** The graph's names of what goes in and what comes out; as Keras, the output has a number. */
const INPUT = 'inputs';
const OUTPUT = 'output_0';

/** The body of `Model.export`. */
export async function exportModel(model: Model, target: string): Promise<void> {
  await ready();
  const [input, output] = shapesOf(model);
  const traced = TRACED_SIZES.map((size) => traceFor(model, [size, ...input.slice(1)], input));
  const graph = forAnyBatch(traced as unknown as Traced, INPUT);
  if (path.extname(target) === '.pb') return replaceFile(target, [writeGraphDef(graph)]);
  try {
    await mkdir(target, { recursive: true });
  } catch (cause) {
    throw new CnnError('WRITE_FAILED', `cannot make the folder ${target} (${(cause as Error).message})`, {
      file: target,
      cause,
    });
  }
  const { version } = runtimeInfo();
  const file = savedModel(graph, { name: INPUT, shape: input }, { name: OUTPUT, shape: output }, version!);
  await replaceFile(path.join(target, 'saved_model.pb'), [file]);
}

function shapesOf({ name, inputShape, outputShape }: Model): [Shape, Shape] {
  if (inputShape === undefined || outputShape === undefined) {
    throw new CnnError('NOT_BUILT', `model "${name}" has no weights yet`, {
      hint: 'Give the first layer an inputShape, or call the model on data first.',
    });
  }
  if (inputShape.slice(1).includes(null)) {
    throw new CnnError('UNSUPPORTED', `model "${name}" takes samples of any size`, {
      expected: 'a size for each dimension but the batch',
      received: formatShape(inputShape),
    });
  }
  return [inputShape, outputShape];
}

/** The graph of what the model does with a batch, its weights within. */
function traceFor(model: Model, shape: Shape, openShape: Shape): GraphDef {
  const values = model.weights.map((weight) => weight.read());
  const x = tf.zeros(shape as number[]);
  try {
    const apply = (batch: tf.Tensor) => applyFrozen(model, values, batch);
    return withInput(readGraphDef(freeze(apply, x)), openShape);
  } finally {
    tf.dispose([x, ...values]);
  }
}

/** The graph with another name and shape for its argument. */
function withInput({ nodes, versions }: GraphDef, shape: Shape): GraphDef {
  const argument = nodes.find(({ op }) => op === 'Placeholder')!.name;
  const rename = (name: string) => (name === argument ? INPUT : name);
  return {
    versions,
    nodes: nodes.map(({ name, op, inputs, attributes }) => ({
      name: rename(name),
      op,
      inputs: inputs.map(rename),
      attributes: name === argument ? new Map([...attributes, ['shape', shapeAttribute(shape)]]) : attributes,
    })),
  };
}
