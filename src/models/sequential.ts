import { CnnError } from '../errors.js';
import { Layer } from '../layers/layer.js';
import { tidyWithArgument } from '../ops/argument.js';
import { withPrecision } from '../ops/precision.js';
import { describe } from '../options.js';
import { formatShape, isCompatible, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import { Model } from './model.js';
import { applyInParts } from './parts.js';

/** What `new Sequential` takes beside the layers. */
export interface SequentialOptions {
  /** Default: `'sequential'`. */
  name?: string;
}

/**
 * A model whose layers follow one another. Shapes are inferred: only the first layer is told its `inputShape`, or
 * none at all, and then the first data decides.
 *
 * @example
 * const model = new Sequential([
 *   layers.flatten({ inputShape: [28, 28] }),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ]);
 */
export class Sequential extends Model {
  private readonly list: Layer[] = [];
  private shapes: { input: Shape; output: Shape } | undefined;

  /** @throws CnnError SHAPE_MISMATCH, INVALID_ARGUMENT, naming the layer */
  constructor(layers: readonly Layer[] = [], { name = 'sequential' }: SequentialOptions = {}) {
    super(name);
    for (const layer of layers) this.add(layer);
  }

  get layers(): readonly Layer[] {
    return this.list;
  }

  get inputShape(): Shape | undefined {
    return this.shapes?.input;
  }

  get outputShape(): Shape | undefined {
    return this.shapes?.output;
  }

  /** Appends a layer, and builds it when the input shape is known. @returns the model, to go on adding */
  add(layer: Layer): this {
    if (this.isCompiled) {
      throw new CnnError('INVALID_ARGUMENT', `layer "${layer.name}" was added after compile`, {
        layer: layer.name,
        hint: 'Add all layers, then compile.',
      });
    }
    if (!(layer instanceof Layer)) {
      throw new CnnError('INVALID_ARGUMENT', 'only layers can be added to a model', {
        expected: 'a layer, as layers.dense({ units: 10 }) makes it',
        received: describe(layer),
      });
    }
    this.nameUniquely(layer);
    if (this.shapes !== undefined) {
      layer.ensureBuilt(this.shapes.output);
      this.shapes = { input: this.shapes.input, output: layer.computeOutputShape(this.shapes.output) };
    }
    this.list.push(layer);
    this.forgetPredictions();
    if (this.list.length === 1 && layer.declaredInputShape !== undefined)
      this.buildFor(layer.declaredInputShape);
    return this;
  }

  /** Removes the last layer, and disposes of it. */
  pop(): void {
    const layer = this.list.pop();
    if (layer === undefined) throw new CnnError('INVALID_ARGUMENT', `model "${this.name}" has no layers`);
    layer.dispose();
    this.forgetPredictions();
    if (this.shapes === undefined) return;
    const { input } = this.shapes;
    this.shapes =
      this.list.length === 0
        ? undefined
        : { input, output: this.list.reduce<Shape>((shape, each) => each.computeOutputShape(shape), input) };
  }

  buildFor(inputShape: Shape): void {
    if (this.shapes !== undefined) return;
    if (this.list.length === 0) {
      throw new CnnError('NOT_BUILT', `model "${this.name}" has no layers`, {
        hint: 'Add one with model.add(layer).',
      });
    }
    const input: Shape = [null, ...inputShape.slice(1)];
    let shape: Shape = input;
    for (const layer of this.list) {
      layer.ensureBuilt(shape);
      shape = layer.computeOutputShape(shape);
    }
    this.shapes = { input, output: shape };
  }

  apply(input: tf.Tensor, { training = false }: { training?: boolean } = {}): tf.Tensor {
    if (!(input instanceof tf.Tensor)) {
      throw new CnnError('INVALID_ARGUMENT', `model "${this.name}" is applied to tensors`, {
        expected: 'a tensor; predict takes arrays too',
        received: describe(input),
      });
    }
    this.buildFor(input.shape);
    if (!isCompatible(input.shape, this.shapes!.input)) {
      throw new CnnError('SHAPE_MISMATCH', `model "${this.name}" takes another input`, {
        expected: formatShape(this.shapes!.input),
        received: formatShape(input.shape),
      });
    }
    return tidyWithArgument(() =>
      withPrecision(this.precision, () => applyInParts(this.list, input, { training })),
    );
  }

  private nameUniquely(layer: Layer): void {
    if (this.list.includes(layer)) {
      throw new CnnError('INVALID_ARGUMENT', `layer "${layer.name}" is already in the model`, {
        layer: layer.name,
      });
    }
    const taken = new Set(this.list.map((each) => each.name));
    if (!taken.has(layer.name)) return;
    if (layer.isNamed) {
      throw new CnnError('INVALID_ARGUMENT', `two layers are called "${layer.name}"`, {
        layer: layer.name,
        hint: 'Give each layer a name of its own.',
      });
    }
    let number = 1;
    while (taken.has(`${layer.name}_${number}`)) number++;
    layer.name = `${layer.name}_${number}`;
  }
}
