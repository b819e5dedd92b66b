import { CnnError } from '../errors.js';
import { anyNumber, checkKind, nullable, object } from '../json-kind.js';
import { makeFolderFor } from '../replace-file.js';
import type { Logs, TrainingControl } from './callback.js';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.js';
import { fillTemplate } from './path-template.js';

/** What {@link ModelCheckpoint} takes. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** Where to save: a path, in which `{epoch}` (from 1) and the names of results are filled in: `'{epoch:02d}-{val_loss:.3f}.keras'`. */
  filepath: string;
  /** Whether only a model with a better result than all before is saved. Default: false, every epoch. */
  saveBestOnly?: boolean;
  /** With `saveBestOnly`, the result that the first one has to better. Default: none. */
  initialValueThreshold?: number;
}

/**
 * Saves the model at the end of each epoch, or of each epoch that was better than all before.
 *
 * @throws CnnError when training begins UNSUPPORTED for a model that cannot be saved, UNKNOWN_NAME for a result that
 *   there is not; WRITE_FAILED while it saves
 * @example
 * callbacks.modelCheckpoint({ filepath: 'runs/best.keras', monitor: 'val_accuracy', saveBestOnly: true });
 */
export class ModelCheckpoint extends MonitorCallback {
  static readonly className = 'ModelCheckpoint';
  private readonly filepath: string;
  private readonly saveBestOnly: boolean;
  private readonly threshold: number | null;
  private best: number | null = null;

  constructor(options: ModelCheckpointOptions) {
    super(options);
    this.filepath = options.filepath;
    this.saveBestOnly = options.saveBestOnly ?? false;
    this.threshold = options.initialValueThreshold ?? null;
  }

  override onTrainBegin(control: TrainingControl): void {
    if (control.model.save === undefined) {
      throw new CnnError('UNSUPPORTED', 'ModelCheckpoint: this model cannot be saved');
    }
    super.onTrainBegin(control);
    // A name that there is not is an error now, not after an epoch.
    this.fileFor(0, {});
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    if (this.saveBestOnly) {
      const value = logs[this.monitor];
      if (value === undefined || !this.isBetter(value, this.best)) return;
      this.best = value;
    }
    const file = this.fileFor(epoch, logs);
    await makeFolderFor(file);
    await this.control.model.save!(file);
  }

  override getState(): Record<string, unknown> {
    return { best: this.best };
  }

  protected override get watches(): boolean {
    return this.saveBestOnly;
  }

  protected override reset(): void {
    this.best = this.threshold;
  }

  protected override restore(state: Record<string, unknown>): void {
    const kind = object({ best: nullable(anyNumber) });
    this.best = checkKind('the state of ModelCheckpoint', state, kind).best;
  }

  /** What an epoch did not report is NaN in the path. */
  private fileFor(epoch: number, logs: Logs): string {
    const unreported = Object.fromEntries(
      Object.keys(this.control.results).map((name) => [name, Number.NaN]),
    );
    return fillTemplate(this.filepath, { ...unreported, ...logs, epoch: epoch + 1 });
  }
}
