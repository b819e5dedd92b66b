import { rm } from 'node:fs/promises';
import {
  Callback,
  type Logs,
  type Pause,
  type ResumableTraining,
  type TrainingControl,
} from '../callbacks/callback.js';
import { CSVLogger } from '../callbacks/csv-logger.js';
import { EarlyStopping } from '../callbacks/early-stopping.js';
import { anyObject, checkKind, object, optional } from '../json-kind.js';
import type { HeldLock } from '../lock.js';
import type { Model } from '../models/model.js';
import { removeLeftovers } from '../replace-file.js';
import { TensorBoard, type TensorBoardOptions } from '../report/tensorboard/callback.js';
import type { Output } from './output.js';
import { type RunConfig, RunFolder } from './run-folder.js';
import { removeManifest, writeManifest } from './run-manifest.js';

/** What a {@link RunRecorder} is told about the run. */
export interface RecorderOptions {
  readonly model: Model;
  readonly out: string;
  readonly name: string;
  readonly config: RunConfig;
  /** The run that goes on, if it is not a new one. */
  readonly run: RunFolder | undefined;
  /** The result by which epochs are compared. */
  readonly monitor: string;
  /** Epochs without a better result after which training ends. */
  readonly patience: number;
  /** What to write for TensorBoard, if anything. */
  readonly board?: Omit<TensorBoardOptions, 'logDir'>;
  readonly output: Output;
}

/**
 * Keeps a run's folder while its model trains: after each epoch the history, the model at its best, and a checkpoint
 * from which the run can go on; in the end the model as it is. After training the model is at its best again. The
 * folder is made when training begins, so that data or shapes that are refused leave nothing behind.
 */
export class RunRecorder extends Callback {
  run: RunFolder | undefined;
  private readonly options: RecorderOptions;
  private readonly best: EarlyStopping;
  private history: CSVLogger | undefined;
  private training: ResumableTraining | undefined;
  private lock: HeldLock | undefined;
  private board: TensorBoard | undefined;
  private beganAt = 0;

  constructor(options: RecorderOptions) {
    super();
    const { monitor, patience } = options;
    this.options = options;
    this.best = new EarlyStopping({ monitor, patience, restoreBestWeights: true });
  }

  /** The best epoch so far, from 0. */
  get bestEpoch(): number {
    return this.best.bestEpoch;
  }

  override async onSetup(training: ResumableTraining): Promise<void> {
    const { out, name, config, run, board } = this.options;
    this.training = training;
    this.run = run ?? (await RunFolder.create(out, name, config));
    this.lock = await this.run.lock();
    this.history = new CSVLogger({ filename: this.run.history });
    this.board = board && new TensorBoard({ ...board, logDir: this.run.path });
    if (run === undefined) return;
    await training.resume(run.checkpoint);
    // Not before: where it is refused, the run is as it was.
    await removeManifest(run.path);
    for (const file of [run.best, run.last, run.checkpoint, run.history]) await removeLeftovers(file);
  }

  override async onTrainBegin(control: TrainingControl): Promise<void> {
    const { config, output, run } = this.options;
    await this.history!.onTrainBegin(control);
    this.best.onTrainBegin(control);
    await this.board?.onTrainBegin(control);
    this.beganAt = performance.now();
    output.event({ event: 'start', run: this.run!.path, resumed: run !== undefined, ...config });
  }

  override onEpochBegin(): void {
    this.beganAt = performance.now();
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { model, output } = this.options;
    const seconds = (performance.now() - this.beganAt) / 1000;
    output.event({ event: 'epoch', epoch: epoch + 1, ...logs, seconds });
    await this.history!.onEpochEnd(epoch, logs);
    this.best.onEpochEnd(epoch, logs);
    await this.board?.onEpochEnd(epoch, logs);
    // The checkpoint has the optimizer's state; without it the file takes a third of the time.
    if (this.best.bestEpoch === epoch) await model.save(this.run!.best, { includeOptimizer: false });
  }

  override async onPause({ step, isLast }: Pause): Promise<void> {
    if (step === 0 || isLast) await this.training!.save(this.run!.checkpoint);
  }

  override async onTrainEnd(): Promise<void> {
    await this.saveLast();
    this.best.onTrainEnd();
    await this.board?.onTrainEnd();
    await rm(this.run!.checkpoint, { force: true });
  }

  override getState(): Record<string, unknown> {
    return {
      best: this.best.getState(),
      history: this.history?.getState(),
      board: this.board?.getState(),
    };
  }

  override setState(state: Record<string, unknown>): void {
    const kind = object({ best: anyObject, history: anyObject, board: optional(anyObject) });
    const { best, history, board } = checkKind('the state of the run', state, kind);
    this.best.setState(best);
    this.history!.setState(history);
    if (board !== undefined) this.board?.setState(board);
  }

  /** Saves the model as it is. */
  async saveLast(): Promise<void> {
    await this.options.model.save(this.run!.last);
  }

  /** Notes what the files are now, which nothing changes any more. */
  async seal(): Promise<void> {
    await writeManifest(this.run!.path);
  }

  /** Lets other processes have the run. */
  async release(): Promise<void> {
    await this.lock?.release();
  }
}
