import { Dataset } from '../datasets/dataset.js';
import { CnnError } from '../errors.js';
import type { Layer } from '../layers/layer.js';
import { assignWeights, readWeights } from '../layers/weight-values.js';
import type { Precision } from '../ops/precision.js';
import { ready } from '../runtime/backend.js';
import type { HostArray } from '../runtime/host-array.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Compiled, type CompileOptions, type Results } from './compiled.js';
import { type EvaluateOptions, evaluate } from './evaluate.js';
import { exportModel } from './export.js';
import { type FitOptions, fit } from './fit.js';
import type { History } from './history.js';
import { type PredictOptions, predict } from './predict.js';
import { SinglePredictor } from './predict-one.js';
import type { Sample } from './sample.js';
import { modelToBytes, type SaveOptions, saveModel } from './save.js';
import { type ArrayLike, type RowFormat, takeRows } from './source.js';
import { eagerly, Steps } from './steps.js';
import { type SummaryOptions, summarize } from './summary.js';
import { type BatchOptions, trainOnBatch } from './train-on-batch.js';
import { loadWeights, saveWeights } from './weights.js';

/**
 * What every model can do, whatever its structure: compile, fit, evaluate, predict. A concrete model says what its
 * layers are and how a tensor goes through them.
 */
export abstract class Model {
  /** Its name in summaries and files. */
  readonly name: string;
  private compilation: Compiled | undefined;
  private compiledSteps: Steps | undefined;
  private predictor: JitFunction<[values: tf.Tensor, format: RowFormat], tf.Tensor> | undefined;
  private singlePredictor: SinglePredictor | undefined;
  private isBusy = false;

  protected constructor(name: string) {
    this.name = name;
  }

  /** The layers, in the order in which a tensor meets them. */
  abstract readonly layers: readonly Layer[];
  /** Shape of the input, batch dimension null; undefined until the model is built. */
  abstract readonly inputShape: Shape | undefined;
  /** Shape of the output; undefined until the model is built. */
  abstract readonly outputShape: Shape | undefined;

  /** Makes the weights for an input shape, if that has not happened. @throws CnnError SHAPE_MISMATCH naming a layer */
  abstract buildFor(inputShape: Shape): void;

  /**
   * Runs the model on a tensor: differentiable, traceable. For scoring many samples use `predict`.
   *
   * @param options training: whether dropout drops and batch normalization takes the batch's statistics
   */
  abstract apply(input: tf.Tensor, options?: { training?: boolean }): tf.Tensor;

  /** All weights, layer by layer, in Keras's order. */
  get weights(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.weights);
  }

  /** The weights that training changes, layer after layer. */
  get trainableWeights(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.trainableWeights);
  }

  /** The weights that training leaves alone, layer after layer. */
  get nonTrainableWeights(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.nonTrainableWeights);
  }

  /** The layer of a name. @throws CnnError UNKNOWN_NAME */
  getLayer(name: string): Layer {
    const layer = this.layers.find((candidate) => candidate.name === name);
    if (layer !== undefined) return layer;
    throw new CnnError('UNKNOWN_NAME', `model "${this.name}" has no layer "${String(name)}"`, {
      hint: `It has: ${this.layers.map((candidate) => candidate.name).join(', ')}.`,
    });
  }

  /** Number of parameters. @throws CnnError NOT_BUILT */
  countParams(): number {
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0);
  }

  /** Penalties of the regularized weights, scalars. */
  penalties(): tf.Tensor[] {
    return this.layers.flatMap((layer) => layer.penalties());
  }

  /**
   * Chooses the optimizer, the loss and the metrics.
   *
   * @throws CnnError UNKNOWN_NAME with the nearest name, INVALID_ARGUMENT
   * @example model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
   */
  compile(options: CompileOptions): void {
    const compiled = new Compiled(options);
    this.disposeCompiled();
    this.compilation = compiled;
    this.compiledSteps = new Steps(this, compiled);
  }

  /** Whether `compile` was called, or a file said how. */
  get isCompiled(): boolean {
    return this.compilation !== undefined;
  }

  /** Numbers in which products are computed, as `compile` says. */
  get precision(): Precision {
    return this.compilation?.precision ?? 'float32';
  }

  /** What `compile` made. @throws CnnError NOT_COMPILED */
  get compiled(): Compiled {
    return this.requireCompiled(this.compilation);
  }

  /** The compiled training and evaluation steps. @throws CnnError NOT_COMPILED */
  get steps(): Steps {
    return this.requireCompiled(this.compiledSteps);
  }

  /** The optimizer given to `compile`. @throws CnnError NOT_COMPILED */
  get optimizer(): Compiled['optimizer'] {
    return this.compiled.optimizer;
  }

  /** Training steps in one native call, as given to `compile`. @throws CnnError NOT_COMPILED */
  get stepsPerExecution(): number | 'auto' {
    return this.compiled.options.stepsPerExecution ?? 'auto';
  }

  /** Builds what depends on the shapes of the data: weights and metrics. */
  prepare(inputShape: Shape, targetShape: Shape): void {
    this.buildFor(inputShape);
    this.compiled.resolveMetrics(this.outputShape!, targetShape);
  }

  /**
   * Trains.
   *
   * @returns the results of each epoch
   * @throws CnnError NOT_COMPILED; SHAPE_MISMATCH, DTYPE_MISMATCH, DATA_INVALID before the first step;
   *   NON_FINITE_LOSS when the loss becomes NaN or infinite; ABORTED by `signal`
   * @example const history = await model.fit(train, { batchSize: 128, epochs: 10, validationData: validation });
   */
  fit(dataset: Dataset, options?: FitOptions): Promise<History>;
  fit(x: ArrayLike, y: ArrayLike, options?: FitOptions): Promise<History>;
  async fit(x: Dataset | ArrayLike, y?: ArrayLike | FitOptions, options?: FitOptions): Promise<History> {
    this.requireCompiled(this.compilation);
    const data = splitArguments(x, y, options);
    return this.exclusively(() => fit(this, data.x, data.y, data.options ?? {}));
  }

  /**
   * One training step on some samples as one batch, for loops of your own: adversarial networks, agents, streams. The first
   * call for each shape compiles. To score or predict one batch: `evaluate`, `predict`.
   *
   * @returns the loss and the metrics of this batch, before the step changed the weights
   * @throws CnnError as `fit`
   * @example
   * const { x, y } = train.nextBatch(64);
   * const { loss } = await model.trainOnBatch(x, y);
   */
  async trainOnBatch(x: ArrayLike, y: ArrayLike, options: BatchOptions = {}): Promise<Results> {
    this.requireCompiled(this.compilation);
    return this.exclusively(() => trainOnBatch(this, x, y, options));
  }

  /**
   * Scores: the loss and the metrics over all samples, as numbers.
   *
   * @throws CnnError as `fit`
   * @example const { loss, accuracy } = await model.evaluate(test);
   */
  evaluate(dataset: Dataset, options?: EvaluateOptions): Promise<Results>;
  evaluate(x: ArrayLike, y: ArrayLike, options?: EvaluateOptions): Promise<Results>;
  async evaluate(
    x: Dataset | ArrayLike,
    y?: ArrayLike | EvaluateOptions,
    options?: EvaluateOptions,
  ): Promise<Results> {
    this.requireCompiled(this.compilation);
    const data = splitArguments(x, y, options);
    return this.exclusively(() => evaluate(this, data.x, data.y, data.options ?? {}));
  }

  /**
   * The outputs for some inputs.
   *
   * @example const digits = (await model.predict(test.x)).argMax();
   */
  async predict(x: Dataset | ArrayLike, options: PredictOptions = {}): Promise<HostArray> {
    await ready();
    return predict(this, x instanceof Dataset ? x.x : x, options);
  }

  /**
   * The output for one sample, at once: for servers, games and robots, where the time of each call counts. The call is
   * synchronous: the event loop waits, for less than 0.1 ms where a model is small.
   *
   * The first call compiles. After 20 calls XLA compiles the model too, in the background, and what is faster on this
   * machine stays; the results of the two can differ in the last bits. TensorFlow keeps what XLA compiled, about a
   * megabyte for each model, until the process ends.
   *
   * @param sample its values as a typed array in C order, nested arrays, or a tensor, without batch dimension
   * @returns the values of the output in C order, a copy; their shape is `outputShape` without the batch
   * @throws CnnError SHAPE_MISMATCH; DTYPE_MISMATCH, DATA_INVALID for what is not finite numbers
   * @example
   * const model = new Sequential([layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })]);
   * const scores = model.predictOne([0.5, -1]); // Float32Array of 3
   */
  predictOne(sample: Sample): Float32Array {
    this.singlePredictor ??= new SinglePredictor(this);
    return this.singlePredictor.predict(sample);
  }

  /** Whether `compile` was told not to use compiled functions. */
  get runsEagerly(): boolean {
    return this.compilation?.options.jit === false;
  }

  /** The traced prediction of some rows. */
  get predictStep(): NonNullable<Model['predictor']> {
    const compile = this.runsEagerly ? eagerly : jit;
    this.predictor ??= compile((values, format) => this.apply(takeRows(values, format)), {
      name: 'predict',
    });
    return this.predictor;
  }

  /** The results accumulated since the last reset, by name. */
  readResults(): Results {
    const tensor = this.steps.results();
    const values = tensor.dataSync();
    tensor.dispose();
    return Object.fromEntries(this.compiled.resultNames.map((name, i) => [name, values[i]!]));
  }

  /** Prints the layers with their output shapes and numbers of parameters, as Keras does. */
  summary(options: SummaryOptions = {}): void {
    summarize(this, options);
  }

  /** Copies of all weights, in the order of `weights`. */
  getWeights(): HostArray[] {
    return readWeights(this.weights);
  }

  /**
   * Sets all weights, in the order of `weights`.
   *
   * @throws CnnError SHAPE_MISMATCH when their number or a shape differs; then none is changed
   */
  setWeights(values: readonly (HostArray | tf.Tensor)[]): void {
    assignWeights(`model "${this.name}"`, this.weights, values);
  }

  /**
   * Saves the model as a `.keras` file, which Keras 3 loads too: layers, weights and, if it is compiled, optimizer
   * with its state, loss and metrics. The file is the old one or the new one, whole, whatever happens meanwhile.
   * Not saved, as by Keras: the state of random numbers (of dropout, of shuffling).
   *
   * Or, for TensorFlow.js's `loadLayersModel`, as `model.json` with `model.weights.bin` beside it: layers and weights.
   *
   * @param file a path that ends with `.keras` or `.json`
   * @throws CnnError INVALID_ARGUMENT; UNSUPPORTED for what the format cannot hold, naming layer and argument;
   *   WRITE_FAILED
   * @example await model.save('mlp.keras');
   */
  save(file: string, options: SaveOptions = {}): Promise<void> {
    return saveModel(this, file, options);
  }

  /** The bytes of the file that `save` writes. */
  toBytes(options: SaveOptions = {}): Promise<Uint8Array> {
    return modelToBytes(this, options);
  }

  /**
   * Writes what the model computes, weights within, for TensorFlow itself, in any language: as the folder of a
   * SavedModel with the function `serving_default`, or, where the name ends with `.pb`, as a frozen GraphDef. Both take
   * `inputs`, float32, batches of any size, and give `output_0`. They cannot be trained further, nor read back here.
   *
   * @param target the folder, or a path that ends with `.pb`
   * @throws CnnError NOT_BUILT; UNSUPPORTED without libtensorflow, and for a model whose graph depends on the size of the
   *   batch in another way than its shapes do; WRITE_FAILED
   * @example
   * await model.export('digits'); // tf.saved_model.load('digits').signatures['serving_default'](inputs=x)['output_0']
   */
  export(target: string): Promise<void> {
    return exportModel(this, target);
  }

  /**
   * Saves the weights alone: as a safetensors file, by name (`dense_1/kernel`), which PyTorch, JAX and others read; or
   * as Keras 3's `.weights.h5`.
   *
   * @param file a path that ends with `.safetensors` or `.weights.h5`
   * @throws CnnError INVALID_ARGUMENT, NOT_BUILT, WRITE_FAILED
   */
  saveWeights(file: string): Promise<void> {
    return saveWeights(this, file);
  }

  /**
   * Sets all weights from a file: safetensors, by name; Keras 3's `.weights.h5`, by the classes of layers and their
   * order; `.h5` of Keras 2 (weights, or a whole model), by the order of the layers that have weights.
   *
   * @throws CnnError INVALID_ARGUMENT, NOT_BUILT, FILE_NOT_FOUND, FILE_UNREADABLE, UNSUPPORTED; FILE_CORRUPT, also when
   *   names, shapes or types are not the model's; then no weight is changed
   */
  loadWeights(file: string): Promise<void> {
    return loadWeights(this, file);
  }

  /** Releases the weights, the optimizer's state and all compiled functions. */
  dispose(): void {
    this.disposeCompiled();
    for (const layer of this.layers) layer.dispose();
  }

  private disposeCompiled(): void {
    this.compiledSteps?.dispose();
    this.compilation?.dispose();
    this.forgetPredictions();
    this.compiledSteps = undefined;
    this.compilation = undefined;
  }

  /** For when the layers change: predictions are compiled anew. */
  protected forgetPredictions(): void {
    this.predictor?.dispose();
    this.singlePredictor?.dispose();
    this.predictor = undefined;
  }

  private requireCompiled<T>(value: T | undefined): T {
    if (value !== undefined) return value;
    throw new CnnError('NOT_COMPILED', `model "${this.name}" is not compiled`, {
      hint: "Call model.compile({ optimizer: 'adam', loss: ... }) first.",
    });
  }

  /** A model trains or is scored by one call at a time: both accumulate results in the same variables. */
  private async exclusively<T>(run: () => Promise<T>): Promise<T> {
    if (this.isBusy) {
      throw new CnnError('INVALID_ARGUMENT', `model "${this.name}" is already in fit or evaluate`, {
        hint: 'Await the first call.',
      });
    }
    this.isBusy = true;
    try {
      await ready();
      return await run();
    } finally {
      this.isBusy = false;
    }
  }
}

function splitArguments<O>(x: Dataset | ArrayLike, y: ArrayLike | O | undefined, options: O | undefined) {
  if (x instanceof Dataset) return { x: x.x, y: x.y, options: y as O | undefined };
  if (y === undefined) {
    throw new CnnError('INVALID_ARGUMENT', 'the targets are missing', {
      argument: 'y',
      expected: 'a Dataset, or x and y',
      received: 'x alone',
    });
  }
  return { x, y: y as ArrayLike, options };
}
