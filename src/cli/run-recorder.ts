import { Callback, type Logs, type TrainingControl } from '../callbacks/callback.js';
import { CSVLogger } from '../callbacks/csv-logger.js';
import { EarlyStopping } from '../callbacks/early-stopping.js';
import type { Model } from '../models/model.js';
import type { Output } from './output.js';
import { type RunConfig, RunFolder } from './run-folder.js';

/** What a {@link RunRecorder} is told about the run. */
export interface RecorderOptions {
  readonly model: Model;
  readonly out: string;
  readonly name: string;
  readonly config: RunConfig;
  /** The result by which epochs are compared. */
  readonly monitor: string;
  /** Epochs without a better result after which training ends. */
  readonly patience: number;
  readonly output: Output;
}

/**
 * Keeps a run's folder while its model trains: after each epoch the model as it is, the model at its best, and the
 * history. At the end of training the model is at its best again. The folder is made when training begins, so that
 * data or shapes that are refused leave nothing behind.
 */
export class RunRecorder extends Callback {
  run: RunFolder | undefined;
  private readonly options: RecorderOptions;
  private readonly best: EarlyStopping;
  private history: CSVLogger | undefined;
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

  override async onTrainBegin(control: TrainingControl): Promise<void> {
    const { out, name, config, output } = this.options;
    this.run = await RunFolder.create(out, name, config);
    this.history = new CSVLogger({ filename: this.run.history });
    await this.history.onTrainBegin(control);
    this.best.onTrainBegin(control);
    output.event({ event: 'start', run: this.run.path, ...config });
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
    if (this.best.bestEpoch === epoch) await model.save(this.run!.best);
    await this.saveLast();
  }

  override onTrainEnd(): void {
    this.best.onTrainEnd();
  }

  /** Saves the model as it is. */
  async saveLast(): Promise<void> {
    await this.options.model.save(this.run!.last);
  }
}
