import { CnnError } from '../errors.js';
import type { Initializer } from '../initializers/initializer.js';
import { tidyWithArgument } from '../ops/argument.js';
import { requireTensor } from '../ops/own-function.js';
import { startOf } from '../ops/start-of.js';
import {
  Configured,
  describe,
  flag,
  label,
  type OptionKind,
  optional,
  orElse,
  readOptions,
  type Schema,
  wholeNumber,
} from '../options.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import type { HostArray } from '../runtime/host-array.js';
import { inScope } from '../runtime/scope.js';
import { Variable } from '../runtime/variable.js';
import { formatShape, isCompatible, isStart, type Shape, sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import { noteOutput } from './observe.js';
import { weightSource } from './weight-source.js';
import { assignWeights, readWeights } from './weight-values.js';

/** What every layer takes. */
export interface LayerOptions {
  /** Its name, unique in its model. Default: the class in snake case, numbered by the model (`dense_1`). */
  name?: string;
  /** Shape of one sample, for the first layer of a model: `[28, 28]`. */
  inputShape?: readonly (number | null)[];
  /** Whether optimizers change its weights. Default: true. */
  trainable?: boolean;
}

/** How a layer is being called. */
export interface CallContext {
  /** True in `fit`, where dropout drops and batch normalization takes the batch's statistics. */
  readonly training: boolean;
}

/** How a layer takes a batch. */
export type BatchForm = 'parts' | 'whole' | 'either';

/** What `addWeight` takes. */
export interface WeightOptions {
  /** Its name, unique in its layer. */
  name: string;
  /** Its size along each axis. */
  shape: readonly number[];
  /** Its first value. */
  initializer: Initializer;
  /** Whether training changes it. Default: true. */
  trainable?: boolean;
  /** What it adds to the loss. Default: nothing. */
  regularizer?: Regularizer | undefined;
  /** As for a Variable. Default: 1. */
  columnParts?: number | undefined;
}

/** A layer class, as tables of layers hold it. */
export interface LayerClass {
  new (options: never): Layer;
  /** Its name in saved models: Keras's. */
  readonly className: string;
}

const size = optional(wholeNumber(1));
const sampleShape: OptionKind<readonly (number | undefined)[]> = {
  expected: 'the shape of one sample: a list of positive whole numbers',
  read: (value, refuse) => (Array.isArray(value) ? value.map((v) => size.read(v, refuse)) : refuse()),
  write: (value) => value.map(size.write),
};

/** What every layer takes, read by this class. */
const commonSchema = {
  name: optional(label),
  inputShape: optional(sampleShape),
  trainable: orElse(flag, true),
};

/**
 * A step of a model: a function of a tensor with weights of its own. A concrete layer says what its options are
 * (its schema), what its weights are (`build`), what it computes (`call`) and what shape comes out
 * (`computeOutputShape`); everything around that is here: checking options, building once, checking shapes, tidying.
 */
export abstract class Layer<S extends Schema = Schema> extends Configured<S> {
  /** Set by the model where the options give none. */
  name: string;
  /** Whether `name` was given by the user. */
  readonly isNamed: boolean;
  /** Declared shape of the input, batch dimension included, where the options give one. */
  readonly declaredInputShape: Shape | undefined;
  private readonly ownWeights: {
    readonly variable: Variable;
    readonly regularizer: Regularizer | undefined;
    readonly trainable: boolean;
  }[] = [];
  private isTrainable: boolean;
  private builtShape: Shape | undefined;
  /** While `planWeights` runs: the shapes that `addWeight` was asked for. */
  private plan: (readonly number[])[] | undefined;

  /**
   * @param given what the user gives
   * @param schema the class's own options; those of every layer are read here
   * @throws CnnError UNKNOWN_NAME for an option that does not exist, with a suggestion; INVALID_ARGUMENT
   */
  protected constructor(given: LayerOptions = {}, schema: S = {} as S) {
    const { className } = new.target as unknown as LayerClass;
    const fallback = toSnakeCase(className);
    const owner = `layer "${String(given.name ?? fallback)}" (${className})`;
    super(owner, schema, given, Object.keys(commonSchema));
    const common = readOptions(owner, commonSchema, given, Object.keys(schema));
    this.isNamed = common.name !== undefined;
    this.name = common.name ?? fallback;
    this.isTrainable = common.trainable;
    this.declaredInputShape = common.inputShape && [
      null,
      ...common.inputShape.map((extent) => extent ?? null),
    ];
  }

  /** The class's name in saved models. */
  get className(): string {
    return (this.constructor as unknown as LayerClass).className;
  }

  /** Makes the weights, with `addWeight`. Called once, before the first call, with the batch size null. */
  protected build(_inputShape: Shape): void {}

  /** What the layer computes. Runs in tf.tidy, traced or not. */
  protected abstract call(input: tf.Tensor, context: CallContext): tf.Tensor;

  /** The shape that comes out. @throws CnnError SHAPE_MISMATCH naming the layer */
  abstract computeOutputShape(inputShape: Shape): Shape;

  /**
   * Whether what comes out for a sample depends on that sample alone. Then models compute parts of a batch side by
   * side, on several cores. Default: false, which is always right.
   */
  isPerSample(_context: CallContext): boolean {
    return false;
  }

  /**
   * In what form a batch is best for the layer: in parts that are computed side by side, whole, or as it comes. Default:
   * parts for layers with weights that take samples one by one.
   */
  batchForm(context: CallContext): BatchForm {
    if (!this.isPerSample(context)) return 'whole';
    return this.ownWeights.length > 0 ? 'parts' : 'either';
  }

  /**
   * The part of the input on which the start of the output depends, itself a start: its first `shape[axis]` along each
   * axis. Models leave out what nothing depends on: the last row of a convolution of 11 rows of which pooling takes 5
   * pairs. Default: all of the input, which is always right.
   *
   * @param _output shape of the start of the output
   * @param input shape of the input
   */
  inputFor(_output: Shape, input: Shape): Shape {
    return input;
  }

  /** The options from which an equal layer can be made: plain JSON, the class's own first. */
  override getConfig(): Record<string, unknown> {
    const config: Record<string, unknown> = { ...super.getConfig(), name: this.name };
    if (!this.isTrainable) config.trainable = false;
    if (this.declaredInputShape !== undefined) config.inputShape = this.declaredInputShape.slice(1);
    return config;
  }

  /** Whether its shapes are known and its weights made. */
  get isBuilt(): boolean {
    return this.builtShape !== undefined;
  }

  /** The input shape it was built for. */
  get inputShape(): Shape | undefined {
    return this.builtShape;
  }

  /** Makes the weights for an input shape, if that has not happened. @throws CnnError SHAPE_MISMATCH */
  ensureBuilt(inputShape: Shape): void {
    if (this.builtShape !== undefined) return;
    const shape = [null, ...inputShape.slice(1)];
    this.computeOutputShape(shape);
    this.build(shape);
    this.builtShape = shape;
  }

  /**
   * The shapes of the weights that it has or, where it is not built, would have for an input shape, in the order in which
   * it makes them; makes none.
   *
   * @throws CnnError SHAPE_MISMATCH
   */
  planWeights(inputShape: Shape): readonly (readonly number[])[] {
    if (this.isBuilt) return this.ownWeights.map(({ variable }) => variable.shape);
    const shape = [null, ...inputShape.slice(1)];
    this.computeOutputShape(shape);
    const plan: (readonly number[])[] = [];
    this.plan = plan;
    try {
      this.build(shape);
    } finally {
      this.plan = undefined;
    }
    return plan;
  }

  /**
   * Applies the layer, building it at the first call.
   *
   * @throws CnnError SHAPE_MISMATCH when the input is not of the shape it was built for
   */
  apply(input: tf.Tensor, { training = false }: Partial<CallContext> = {}): tf.Tensor {
    this.ensureBuilt(input.shape);
    this.checkInput(isCompatible(input.shape, this.builtShape!), input.shape);
    return this.run(input, { training });
  }

  /**
   * Applies the layer, built, where not all of its output is needed: for models.
   *
   * @param input its input or a start of it
   * @param start the shape of what is to be taken of the input, as `inputFor` says
   * @throws CnnError SHAPE_MISMATCH
   */
  applyToStart(input: tf.Tensor, context: CallContext, start: Shape): tf.Tensor {
    this.checkInput(isStart(input.shape, this.builtShape!), input.shape);
    return this.run(startOf(input, start), context);
  }

  private checkInput(fits: boolean, received: Shape): void {
    if (fits) return;
    throw this.shapeError('was built for another input shape', formatShape(this.builtShape!), received);
  }

  private run(input: tf.Tensor, context: CallContext): tf.Tensor {
    return tidyWithArgument(() => {
      const given = inScope(this.name, () => this.call(toFloat(input), context));
      const output = requireTensor('layer', this.name, given);
      noteOutput(this as Layer, output);
      return output;
    });
  }

  /** Whether training changes its weights. */
  get trainable(): boolean {
    return this.isTrainable;
  }

  /** Takes effect at the next `compile`. */
  set trainable(value: boolean) {
    this.isTrainable = value;
    for (const { variable, trainable } of this.ownWeights) variable.trainable = value && trainable;
  }

  /** All weights in Keras's order: trainable, then non-trainable. */
  get weights(): readonly Variable[] {
    return [...this.ownWeights]
      .sort((a, b) => Number(b.trainable) - Number(a.trainable))
      .map((w) => w.variable);
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly Variable[] {
    return this.weights.filter((weight) => weight.trainable);
  }

  /** The weights that training leaves alone. */
  get nonTrainableWeights(): readonly Variable[] {
    return this.weights.filter((weight) => !weight.trainable);
  }

  /** Copies of its weights, in the order of `weights`. */
  getWeights(): HostArray[] {
    return readWeights(this.weights);
  }

  /**
   * Sets its weights, in the order of `weights`: to those of another layer, for one.
   *
   * @throws CnnError NOT_BUILT; INVALID_ARGUMENT, SHAPE_MISMATCH when their number or a shape differs; then none is changed
   * @example
   * const dense = model.getLayer('dense');
   * dense.setWeights(dense.getWeights());
   */
  setWeights(values: readonly (HostArray | tf.Tensor)[]): void {
    if (!this.isBuilt) throw this.notBuilt();
    assignWeights(`layer "${this.name}"`, this.weights, values);
  }

  /** Variables that are no weights but state to be kept with a checkpoint: seeds of random numbers. */
  get stateVariables(): readonly Variable[] {
    return [];
  }

  /** Penalties of the regularized weights, scalars. */
  penalties(): tf.Tensor[] {
    return this.ownWeights
      .filter(({ regularizer, variable }) => regularizer !== undefined && variable.trainable)
      .map(({ regularizer, variable }) => tf.tidy(() => regularizer!.penalty(variable.read())));
  }

  /** Number of parameters. @throws CnnError NOT_BUILT */
  countParams(): number {
    if (!this.isBuilt) throw this.notBuilt();
    return this.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /** Releases its weights. */
  dispose(): void {
    for (const { variable } of this.ownWeights) variable.dispose();
    for (const variable of this.stateVariables) variable.dispose();
  }

  /** Makes a weight; to be called from `build`. */
  protected addWeight(options: WeightOptions): Variable {
    const { name, shape, initializer, trainable = true, regularizer, columnParts } = options;
    if (this.plan !== undefined) {
      this.plan.push(shape);
      // `build` only keeps it, and keeps the true one when the layer is built.
      return undefined as unknown as Variable;
    }
    const initial = tf.tidy(() => weightSource()?.(name, shape) ?? initializer.initialize(shape));
    const path = `${this.name}/${name}`;
    const variable = new Variable(initial, {
      ...{ name, path, columnParts },
      trainable: trainable && this.isTrainable,
    });
    initial.dispose();
    this.ownWeights.push({ variable, regularizer, trainable });
    return variable;
  }

  private notBuilt(): CnnError {
    return new CnnError('NOT_BUILT', `layer "${this.name}" has no weights yet`, {
      layer: this.name,
      hint: 'Give the first layer an inputShape, or call the model on data first.',
    });
  }

  /** The error for an input of a wrong shape. */
  protected shapeError(problem: string, expected: string, received: Shape): CnnError {
    return new CnnError('SHAPE_MISMATCH', `layer "${this.name}" (${this.className}) ${problem}`, {
      layer: this.name,
      expected,
      received: formatShape(received),
    });
  }

  /** The error for an option out of range. */
  protected optionError(option: string, expected: string, received: unknown): CnnError {
    return new CnnError(
      'INVALID_ARGUMENT',
      `layer "${this.name}" (${this.className}): ${option} is not valid`,
      {
        layer: this.name,
        argument: option,
        expected,
        received: describe(received),
      },
    );
  }
}

/** Keras's snake case: Conv2D becomes conv2d, GlobalMaxPooling2D global_max_pooling2d. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Whole numbers and truth values as float32. */
function toFloat(input: tf.Tensor): tf.Tensor {
  return input.dtype === 'float32' ? input : input.toFloat();
}
