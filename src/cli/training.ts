import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Splits } from '../datasets/dataset.js';
import type { History } from '../models/history.js';
import type { Model } from '../models/model.js';
import type { ProfileOptions } from '../profile/profiler.js';
import { profileText } from '../profile/text.js';
import type { TensorBoardOptions } from '../report/tensorboard/callback.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { Output } from './output.js';
import type { RunConfig, RunFolder } from './run-folder.js';
import { RunRecorder } from './run-recorder.js';
import { writeRunReport } from './run-report.js';
import { StopSignals } from './stop-signals.js';
import { count, duration, plural } from './words.js';

/** How a model is trained. */
export interface Settings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: string;
  /** The rate, or with `cosine` the one from which it falls to 0 until the last epoch. */
  readonly learningRate: number;
  readonly schedule: 'cosine' | 'constant';
  /** Epochs without a better score after which training ends. */
  readonly patience: number;
  readonly seed: number;
  /** The score by which epochs are compared; the loss tells more than the accuracy of few samples. */
  readonly bestBy: 'loss' | 'accuracy';
  /** The result that is this score. */
  readonly monitor: string;
}

/** A compiled model, the data it is to learn, and where its run goes. */
export interface TrainingTask {
  readonly model: Model;
  readonly data: Splits;
  readonly settings: Settings;
  readonly config: RunConfig;
  /** The run that goes on, if it is not a new one. */
  readonly run: RunFolder | undefined;
  readonly out: string;
  readonly name: string;
  /** Whether to record some steps and say where their time goes. */
  readonly profile: boolean;
  /** What to write for TensorBoard, if anything. */
  readonly board?: Omit<TensorBoardOptions, 'logDir'>;
}

/** A run from the first step to the score on the test set, or to the signal that stops it. */
export class Training {
  private readonly task: TrainingTask;
  private readonly output: Output;
  private readonly recorder: RunRecorder;
  private readonly stop = new StopSignals(() =>
    // In a terminal the cursor stands in the progress line.
    this.output.info(
      `${process.stderr.isTTY ? '\n' : ''}stopping after this step; a second Ctrl-C stops at once`,
    ),
  );

  constructor(task: TrainingTask, output: Output) {
    this.task = task;
    this.output = output;
    this.recorder = new RunRecorder({ ...task, ...task.settings, output });
  }

  async run(): Promise<ExitCode> {
    const began = performance.now();
    try {
      const history = await this.fit();
      if (history === undefined) return await this.sealStopped();
      return await this.score(history, (performance.now() - began) / 1000);
    } finally {
      await this.recorder.release();
    }
  }

  /** Trains. @returns undefined where a signal stopped it, after saving */
  private async fit(): Promise<History | undefined> {
    const { model, data, settings } = this.task;
    const { epochs, batchSize } = settings;
    const { signal } = this.stop;
    try {
      const history = await model.fit(data.train, {
        batchSize,
        epochs,
        validationData: data.validation.size > 0 ? data.validation : undefined,
        verbose: this.output.isQuiet ? 0 : 1,
        callbacks: [this.recorder],
        signal,
        profile: this.task.profile && this.profileOptions(),
      });
      return signal.aborted ? undefined : history;
    } catch (error) {
      const { run } = this.recorder;
      if (signal.aborted) {
        if (run !== undefined) await this.recorder.saveLast();
        return undefined;
      }
      if (run !== undefined && existsSync(run.best)) {
        this.output.info(`the model at its best before that is in ${run.best}`);
      }
      throw error;
    } finally {
      this.stop.release();
    }
  }

  private profileOptions(): ProfileOptions {
    return {
      path: () => path.join(this.recorder.run!.path, 'trace.json'),
      onProfile: (profile) =>
        this.output.result({ event: 'profile', ...profile }, () => profileText(profile)),
    };
  }

  /** Scores the model, which is at its best again, on the test set, and says where everything is. */
  private async score(history: History, seconds: number): Promise<ExitCode> {
    const { model, data, settings } = this.task;
    const { bestEpoch, run } = this.recorder;
    const epochs = history.epoch.length;
    const score = history.history[settings.monitor]![bestEpoch]!;
    if (history.stopReason !== undefined) this.output.info(`stopped early: ${history.stopReason}`);
    this.output.info(
      `${plural(epochs, 'epoch')} in ${duration(seconds)}; best: epoch ${bestEpoch + 1} with ${settings.monitor} ${score.toFixed(4)}`,
    );
    const { loss, accuracy } = await model.evaluate(data.test, { batchSize: 1000, verbose: 0 });
    const report = await writeRunReport({
      folder: run!.path,
      model,
      history,
      test: data.test,
      facts: [
        ['test accuracy', accuracy!.toFixed(4)],
        ['test loss', loss!.toFixed(4)],
        ['best epoch', `${bestEpoch + 1} of ${epochs}`],
        ['training took', duration(seconds)],
        ...Object.entries(settings)
          .filter(([, value]) => value !== Number.POSITIVE_INFINITY)
          .map(([name, value]) => [name, String(value)] as const),
      ],
    });
    // Not before the report is there: so the manifest names every file, or there is none yet.
    await this.recorder.seal();
    const event = {
      event: 'result',
      run: run!.path,
      model: run!.best,
      report,
      samples: data.test.size,
      loss,
      accuracy,
      epochs,
      bestEpoch: bestEpoch + 1,
      stopReason: history.stopReason,
      seconds,
    };
    this.output.result(event, (colors) => [
      `test accuracy ${colors.bold(accuracy!.toFixed(4))}, loss ${loss!.toFixed(4)} on ${count(data.test.size)} samples`,
    ]);
    if (this.task.board !== undefined) {
      this.output.info(`for TensorBoard: tensorboard --logdir ${this.task.out}`);
    }
    this.output.info(`report with learning curves and mistakes: ${report}`);
    this.output.info(`saved in ${run!.path}; score it again: cnn evaluate ${run!.path} --confusion`);
    return exitCodes.done;
  }

  /** @returns what to exit with after a signal */
  private async sealStopped(): Promise<ExitCode> {
    const { run } = this.recorder;
    if (run === undefined) {
      this.output.info('stopped before the first step: nothing to save');
    } else {
      await this.recorder.seal();
      this.output.info(
        existsSync(run.checkpoint)
          ? `stopped; go on with: cnn train --resume ${run.path}`
          : `stopped; the model as it was is in ${run.last}`,
      );
      this.output.event({ event: 'stopped', run: run.path, model: run.last });
    }
    return this.stop.exitCode!;
  }
}
