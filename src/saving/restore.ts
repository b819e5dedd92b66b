import { CnnError } from '../errors.js';
import { classes } from '../layers/index.js';
import type { Layer, LayerClass } from '../layers/layer.js';
import { withWeightSource } from '../layers/weight-source.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { findClass, type Serialized } from '../registry.js';
import type { Variable } from '../runtime/variable.js';
import { formatShape, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import type { LayerDescription, ModelDescription, StoredValue } from './description.js';

const layerClasses: Readonly<Record<string, LayerClass>> = classes;

/**
 * The layers of a description, built with its weights. Each weight is made only when what the file holds has the
 * shape that the config asks for: so a config takes no memory that the file does not have.
 *
 * @param file for errors
 * @throws CnnError FILE_CORRUPT with `file` and `layer`, and the cause where an option or a shape is refused
 */
export function restoreLayers({ layers, inputShape }: ModelDescription, file: string): Layer[] {
  const restored: Layer[] = [];
  try {
    let shape = inputShape;
    for (const description of layers) {
      const { className, config } = description;
      shape = blame(file, { layer: config.name }, `layer "${config.name}" (${className})`, () => {
        const layer = makeLayer(description);
        restored.push(layer);
        return build(layer, shape, description, file);
      });
    }
    return restored;
  } catch (error) {
    for (const layer of restored) layer.dispose();
    throw error;
  }
}

/** A layer of a description, not yet built. @throws CnnError for options that are refused */
export function makeLayer({ className, config }: Serialized): Layer {
  return new (findClass('layer', layerClasses, className))(config as never);
}

/** Sets variables. @throws CnnError FILE_CORRUPT when number, shapes or types differ; then none is changed */
export function restoreVariables(
  variables: readonly Variable[],
  values: readonly StoredValue[],
  file: string,
  owner: string,
): void {
  if (values.length !== variables.length) {
    throw new CnnError('FILE_CORRUPT', `${file}: ${owner} has another number of variables`, {
      file,
      expected: String(variables.length),
      received: String(values.length),
    });
  }
  for (const [i, { name, shape, dtype }] of variables.entries())
    check(values[i]!, name, shape, dtype, file, owner);
  tf.tidy(() => {
    for (const [i, variable] of variables.entries()) variable.assign(toTensor(values[i]!));
  });
}

/** @returns the shape that comes out */
function build(
  layer: Layer,
  shape: Shape | undefined,
  { weights }: LayerDescription,
  file: string,
): Shape | undefined {
  const owner = `layer "${layer.name}" (${layer.className})`;
  const made: string[] = [];
  if (shape !== undefined) {
    withWeightSource(
      (name, expected) => {
        const value = weights[made.length];
        made.push(name);
        if (value === undefined) {
          throw new CnnError('FILE_CORRUPT', `${file}: ${owner} lacks a weight`, {
            file,
            layer: layer.name,
            expected: name,
          });
        }
        check(value, name, expected, 'float32', file, owner);
        return toTensor(value);
      },
      () => layer.ensureBuilt(shape),
    );
  }
  if (made.length !== weights.length) {
    throw new CnnError('FILE_CORRUPT', `${file}: ${owner} has another number of weights`, {
      file,
      layer: layer.name,
      expected: String(made.length),
      received: String(weights.length),
    });
  }
  // Files are in the order of `weights`; a layer that makes them in another would have them swapped.
  if (layer.weights.some(({ name }, i) => name !== made[i])) {
    throw new CnnError('UNSUPPORTED', `${owner} makes its weights in another order than it has them`, {
      layer: layer.name,
      expected: layer.weights.map(({ name }) => name).join(', '),
      received: made.join(', '),
      hint: 'In build, make trainable weights first.',
    });
  }
  return shape === undefined ? undefined : layer.computeOutputShape(shape);
}

function check(
  value: StoredValue,
  name: string,
  shape: readonly number[],
  dtype: string,
  file: string,
  owner: string,
): void {
  if (value.dtype === dtype && value.shape.join() === shape.join()) return;
  throw new CnnError('FILE_CORRUPT', `${file}: ${value.name}, which is "${name}" of ${owner}, does not fit`, {
    file,
    weight: value.name,
    expected: `${dtype} ${formatShape(shape)}`,
    received: `${value.dtype} ${formatShape(value.shape)}`,
  });
}

function toTensor({ values, shape, dtype }: StoredValue): tf.Tensor {
  return tf.tensor(values, [...shape], dtype);
}

/** Sets an optimizer's state, as `build` has made it. @throws CnnError FILE_CORRUPT; then none is changed */
export function restoreOptimizer(optimizer: Optimizer, values: readonly StoredValue[], file: string): void {
  const { variables, className } = optimizer;
  const head = variables[1]?.name === 'learning_rate' ? 2 : 1;
  // Keras saves no more of an optimizer that has made no step.
  const saved = values.length === head ? variables.slice(0, head) : variables;
  restoreVariables(saved, values, file, `optimizer ${className}`);
}

/** What something made from a file refuses is the file's fault. @param place what the error is to carry */
export function blame<T>(file: string, place: Record<string, unknown>, what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (!(cause instanceof CnnError) || cause.code === 'FILE_CORRUPT') throw cause;
    throw new CnnError('FILE_CORRUPT', `${file}: ${what} cannot be made (${cause.message})`, {
      file,
      ...place,
      cause,
    });
  }
}
