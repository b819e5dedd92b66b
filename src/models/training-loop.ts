import { abortError } from '../abort.js';
import type { Callback, TrainingControl } from '../callbacks/callback.js';
import { permutation } from '../datasets/permutation.js';
import type { TraceDescription } from '../runtime/jit.js';
import { randomSeed } from '../runtime/random.js';
import { span } from '../runtime/spans.js';
import { turn } from '../runtime/turn.js';
import * as tf from '../tf.js';
import { TrainingCheckpoint } from './checkpoint.js';
import { runEvaluation } from './evaluate.js';
import { ExecutionPlan } from './execution.js';
import { nonFiniteLoss, requireFiniteWeights } from './finite.js';
import type { FitOptions } from './fit.js';
import { addEpoch, type History } from './history.js';
import type { Model } from './model.js';
import { Progress } from './progress.js';
import type { TrainingData } from './training-data.js';
import { newTrainingState, type TrainingState } from './training-state.js';

/** What callbacks are told of. */
type Moment =
  | 'onTrainBegin'
  | 'onEpochBegin'
  | 'onBatchEnd'
  | 'onEpochEnd'
  | 'onPause'
  | 'onTrainEnd'
  | 'onTeardown';

/** The epochs and steps of one call of `fit`, from the beginning or from where a checkpoint stands. */
export class TrainingLoop {
  private readonly model: Model;
  private readonly data: TrainingData;
  private readonly options: FitOptions;
  private readonly callbacks: readonly Callback[];
  private readonly batchSize: number;
  private readonly epochs: number;
  private readonly stepsPerEpoch: number;
  private readonly watchesBatches: boolean;
  private readonly plan: ExecutionPlan;
  private readonly progress: Progress;
  private readonly state: TrainingState;

  constructor(model: Model, data: TrainingData, options: FitOptions) {
    const { batchSize = 32, epochs = 1, initialEpoch = 0, callbacks = [], verbose = 1, stream } = options;
    this.model = model;
    this.data = data;
    this.options = options;
    this.callbacks = callbacks;
    this.batchSize = batchSize;
    this.epochs = epochs;
    this.stepsPerEpoch = Math.ceil(data.rows / batchSize);
    this.watchesBatches = callbacks.some((callback) => callback.onBatchEnd !== undefined);
    const { stepsPerExecution } = model;
    this.plan = new ExecutionPlan(
      this.watchesBatches && stepsPerExecution === 'auto' ? 1 : stepsPerExecution,
    );
    this.progress = new Progress({ verbose, stream, epochs, stepsPerEpoch: this.stepsPerEpoch });
    this.state = newTrainingState(initialEpoch, options.seed ?? randomSeed());
  }

  async run(): Promise<History> {
    const { state, callbacks } = this;
    try {
      if (callbacks.some((callback) => callback.onSetup !== undefined)) {
        const training = new TrainingCheckpoint(this.model, this.data, this.options, state);
        for (const callback of callbacks) await callback.onSetup?.(training);
      }
      const control = this.control();
      await this.tell('onTrainBegin', control);
      while (state.epoch < this.epochs && !this.isStopped) await this.runEpoch();
      await this.tell('onTrainEnd', state.logs);
    } finally {
      this.progress.close();
      await this.tell('onTeardown');
    }
    return state.history;
  }

  private get isStopped(): boolean {
    return this.state.history.stopReason !== undefined;
  }

  private control(): TrainingControl {
    const { model, data, epochs, stepsPerEpoch, batchSize, state } = this;
    const { directions } = model.compiled;
    const ofValidation = Object.entries(directions).map(([name, direction]) => [`val_${name}`, direction]);
    return {
      model,
      results: { ...directions, ...(data.validation && Object.fromEntries(ofValidation)) },
      epochs,
      stepsPerEpoch,
      batchSize,
      data,
      traceStep: () => this.traceStep(),
      stopTraining: (reason = 'a callback stopped training') => {
        state.history.stopReason = reason;
      },
    };
  }

  /** Tells the callbacks what has happened, one after the other. */
  private async tell<M extends Moment>(
    moment: M,
    ...details: Parameters<NonNullable<Callback[M]>>
  ): Promise<void> {
    for (const callback of this.callbacks) {
      const hear = callback[moment] as ((...args: typeof details) => void | Promise<void>) | undefined;
      if (hear === undefined) continue;
      await span(`${callback.constructor.name}.${moment}`, () => hear.apply(callback, details));
    }
  }

  private async runEpoch(): Promise<void> {
    const { model, state, data, options, progress } = this;
    const { epoch } = state;
    const began = performance.now() - 1000 * state.seconds;
    const secondsSince = () => (performance.now() - began) / 1000;
    if (state.step === 0) {
      await this.tell('onEpochBegin', epoch);
      // What was placed and is traced holds up the event loop, which others wait for.
      await turn(undefined);
      model.steps.reset();
      await turn(undefined);
    }
    progress.epochBegin(epoch);
    await this.runSteps(secondsSince);
    const logs = model.readResults();
    requireFiniteWeights(model, state);
    const { validationFreq = 1, validationBatchSize = this.batchSize } = options;
    if (data.validation !== undefined && (epoch + 1) % validationFreq === 0) {
      const scores = await runEvaluation(model, data.validation, validationBatchSize);
      for (const [name, value] of Object.entries(scores)) logs[`val_${name}`] = value;
    }
    const seconds = secondsSince();
    addEpoch(state.history, epoch, logs, seconds);
    progress.epochEnd(logs, seconds);
    await this.tell('onEpochEnd', epoch, logs);
    Object.assign(state, { epoch: epoch + 1, step: 0, seconds: 0, logs });
    await this.pause(state.epoch < this.epochs && !this.isStopped);
  }

  /** The steps that are left of the epoch. */
  private async runSteps(secondsSince: () => number): Promise<void> {
    const { model, state, data, options, batchSize, stepsPerEpoch, plan, progress } = this;
    const order = span('order of samples', () =>
      options.shuffle === false ? inOrder(data.rows) : permutation(data.rows, state.seed, state.epoch),
    );
    while (state.step < stepsPerEpoch && !this.isStopped) {
      const count = plan.next(stepsPerEpoch - state.step);
      const rows = order.subarray(state.step * batchSize, (state.step + count) * batchSize);
      const began = performance.now();
      const losses = await this.trainRows(rows);
      plan.record(performance.now() - began);
      const bad = losses.findIndex((loss) => !Number.isFinite(loss));
      if (bad >= 0) throw nonFiniteLoss(losses[bad]!, { epoch: state.epoch, step: state.step + bad });
      state.step += count;
      if (this.watchesBatches || progress.isDue) {
        const logs = span('read results', () => model.readResults());
        span('progress', () => progress.update(state.step, logs));
        await this.tell('onBatchEnd', state.step - 1, logs);
      }
      state.seconds = secondsSince();
      if (!this.isStopped) await this.pause(true);
    }
  }

  /** @returns each step's loss */
  private async trainRows(rows: Uint32Array): Promise<Float32Array> {
    const indices = span('indices of samples', () =>
      tf.tensor1d(new Int32Array(rows.buffer, rows.byteOffset, rows.length), 'int32'),
    );
    try {
      const losses = await span('call', () =>
        this.model.steps.train.async(this.data.step, indices, this.batchSize),
      );
      const values = span('read losses', () => losses.dataSync<'float32'>());
      losses.dispose();
      return values;
    } finally {
      indices.dispose();
    }
  }

  private traceStep(): TraceDescription {
    const { model, data, batchSize } = this;
    const rows = tf.range(0, Math.min(batchSize, data.rows), 1, 'int32');
    try {
      return model.steps.train.trace(data.step, rows, batchSize);
    } finally {
      rows.dispose();
    }
  }

  /**
   * Lets callbacks save, and ends training where the signal was aborted.
   *
   * @param goesOn whether there is something left to do
   */
  private async pause(goesOn: boolean): Promise<void> {
    const { epoch, step } = this.state;
    const { signal } = this.options;
    const isLast = goesOn && signal?.aborted === true;
    await this.tell('onPause', { epoch, step, isLast });
    if (!isLast) return;
    throw abortError(`training was stopped in epoch ${epoch + 1} after step ${step}`, signal, {
      epoch,
      step,
    });
  }
}

function inOrder(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, i) => i);
}
