import type { Callback, Logs, TrainingControl } from '../callbacks/callback.js';
import type { Dataset } from '../datasets/dataset.js';
import { permutation } from '../datasets/permutation.js';
import { CnnError } from '../errors.js';
import type { TraceDescription } from '../runtime/jit.js';
import { randomSeed } from '../runtime/random.js';
import * as tf from '../tf.js';
import type { Results } from './compiled.js';
import { runEvaluation } from './evaluate.js';
import { ExecutionPlan } from './execution.js';
import { addEpoch, type History, newHistory } from './history.js';
import type { Model } from './model.js';
import { Progress, type ProgressStream, type Verbosity } from './progress.js';
import { requireCount } from './requirements.js';
import type { ArrayLike } from './source.js';
import { TrainingData } from './training-data.js';

/** What `fit` takes beside the data. */
export interface FitOptions {
  /** Samples in one step. Default: 32. */
  batchSize?: number;
  /** Number of the last epoch. Default: 1. */
  epochs?: number;
  /** Number of the first epoch, from 0; for a run that goes on. Default: 0. */
  initialEpoch?: number;
  /** New random order each epoch. Default: true. */
  shuffle?: boolean;
  /** Fixes the order of samples. Default: from `setRandomSeed`, else random. */
  seed?: number;
  /** Fraction of the data, its last part before shuffling, that is held out for validation. */
  validationSplit?: number;
  /** Data to score after each epoch. */
  validationData?: Dataset | readonly [x: ArrayLike, y: ArrayLike, sampleWeight?: ArrayLike];
  /** Epochs between validations. Default: 1. */
  validationFreq?: number;
  /** Default: `batchSize`. */
  validationBatchSize?: number;
  /** A weight for each sample. */
  sampleWeight?: ArrayLike;
  /** A weight for each class: `{ 0: 1, 1: 5 }`. Classes left out weigh 1. */
  classWeight?: Readonly<Record<number, number>>;
  callbacks?: readonly Callback[];
  /** 0 silent, 1 a progress bar, 2 one line an epoch. Default: 1. */
  verbose?: Verbosity;
  /** Where the progress goes. Default: standard error. */
  stream?: ProgressStream;
  /** Stops training after the current step; `fit` then throws ABORTED, the model keeping what it has learned. */
  signal?: AbortSignal;
}

/** Trains a compiled model; the body of `Model.fit`. */
export async function fit(model: Model, x: ArrayLike, y: ArrayLike, options: FitOptions): Promise<History> {
  const { batchSize = 32, epochs = 1, initialEpoch = 0, validationFreq = 1, callbacks = [] } = options;
  requireCount('batchSize', batchSize, 1);
  requireCount('epochs', epochs, 1);
  requireCount('initialEpoch', initialEpoch, 0);
  requireCount('validationFreq', validationFreq, 1);
  options.signal?.throwIfAborted();
  const data = TrainingData.place(model, x, y, options);
  model.optimizer.build(model.trainableWeights);
  const validation = data.validation;
  const stepsPerEpoch = Math.ceil(data.rows / batchSize);
  const progress = new Progress({
    verbose: options.verbose ?? 1,
    stream: options.stream,
    epochs,
    stepsPerEpoch,
  });
  const history = newHistory();
  const seed = options.seed ?? randomSeed();
  let stopReason: string | undefined;
  const control: TrainingControl = {
    model,
    results: directionsOf(model, validation !== undefined),
    epochs,
    stepsPerEpoch,
    batchSize,
    traceStep: () => traceStep(model, data, batchSize),
    stopTraining: (reason = 'a callback stopped training') => {
      stopReason = reason;
    },
  };
  let logs: Logs = {};
  try {
    const plan = new ExecutionPlan(
      callbacks.some((callback) => callback.onBatchEnd !== undefined) && model.stepsPerExecution === 'auto'
        ? 1
        : model.stepsPerExecution,
    );
    for (const callback of callbacks) await callback.onTrainBegin?.(control);
    for (let epoch = initialEpoch; epoch < epochs && stopReason === undefined; epoch++) {
      const began = performance.now();
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch);
      progress.epochBegin(epoch);
      const order = options.shuffle === false ? inOrder(data.rows) : permutation(data.rows, seed, epoch);
      const results = await trainEpoch(model, data, order, {
        batchSize,
        plan,
        progress,
        callbacks,
        epoch,
        signal: options.signal,
        isStopped: () => stopReason !== undefined,
      });
      if (validation !== undefined && (epoch + 1) % validationFreq === 0) {
        const scores = await runEvaluation(model, validation, options.validationBatchSize ?? batchSize);
        for (const [name, value] of Object.entries(scores)) results[`val_${name}`] = value;
      }
      logs = results;
      const seconds = (performance.now() - began) / 1000;
      addEpoch(history, epoch, logs, seconds);
      progress.epochEnd(logs, seconds);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(logs);
  } finally {
    progress.close();
    data.dispose();
  }
  if (stopReason !== undefined) history.stopReason = stopReason;
  return history;
}

/** What epochs will report, and which way is better. */
function directionsOf(model: Model, isValidated: boolean): TrainingControl['results'] {
  const { directions } = model.compiled;
  const entries = Object.entries(directions);
  const validation = isValidated ? entries.map(([name, direction]) => [`val_${name}`, direction]) : [];
  return { ...directions, ...Object.fromEntries(validation) };
}

interface EpochOptions {
  readonly batchSize: number;
  readonly plan: ExecutionPlan;
  readonly progress: Progress;
  readonly callbacks: readonly Callback[];
  readonly epoch: number;
  readonly signal: AbortSignal | undefined;
  isStopped(): boolean;
}

async function trainEpoch(
  model: Model,
  data: TrainingData,
  order: Uint32Array,
  options: EpochOptions,
): Promise<Results> {
  const { batchSize, plan, progress, callbacks, signal } = options;
  const { steps } = model;
  const stepsPerEpoch = Math.ceil(order.length / batchSize);
  const watchesBatches = callbacks.some((callback) => callback.onBatchEnd !== undefined);
  steps.reset();
  for (let step = 0; step < stepsPerEpoch; ) {
    const count = plan.next(stepsPerEpoch - step);
    const began = performance.now();
    const losses = await trainRows(
      model,
      data,
      order.subarray(step * batchSize, (step + count) * batchSize),
      batchSize,
    );
    plan.record(performance.now() - began);
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    if (bad >= 0) throw nonFiniteLoss(options.epoch, step + bad, losses[bad]!);
    step += count;
    if (watchesBatches || progress.isDue) {
      const logs = model.readResults();
      progress.update(step, logs);
      for (const callback of callbacks) await callback.onBatchEnd?.(step - 1, logs);
    }
    if (signal?.aborted) {
      throw new CnnError('ABORTED', `training was stopped in epoch ${options.epoch + 1} after step ${step}`, {
        epoch: options.epoch,
        step,
        cause: signal.reason,
      });
    }
    if (options.isStopped()) break;
  }
  return model.readResults();
}

async function trainRows(
  model: Model,
  data: TrainingData,
  rows: Uint32Array,
  batchSize: number,
): Promise<Float32Array> {
  const indices = tf.tensor1d(new Int32Array(rows.buffer, rows.byteOffset, rows.length), 'int32');
  try {
    const losses = await model.steps.train.async(data.step, indices, batchSize);
    const values = losses.dataSync<'float32'>();
    losses.dispose();
    return values;
  } finally {
    indices.dispose();
  }
}

function traceStep(model: Model, data: TrainingData, batchSize: number): TraceDescription {
  const rows = tf.range(0, Math.min(batchSize, data.rows), 1, 'int32');
  try {
    return model.steps.train.trace(data.step, rows, batchSize);
  } finally {
    rows.dispose();
  }
}

function inOrder(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, i) => i);
}

function nonFiniteLoss(epoch: number, step: number, loss: number): CnnError {
  return new CnnError('NON_FINITE_LOSS', `the loss became ${loss} in epoch ${epoch + 1}, step ${step + 1}`, {
    epoch,
    step,
    hint: 'Lower the learning rate, clip gradients (clipnorm: 1), or look for infinite values in the data.',
  });
}
