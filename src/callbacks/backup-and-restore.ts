import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../errors.js';
import { type HeldLock, lockTraining } from '../lock.js';
import { makeFolderFor, removeLeftovers } from '../replace-file.js';
import { Callback, type Pause, type ResumableTraining, type TrainingControl } from './callback.js';

/** What {@link BackupAndRestore} takes. */
export interface BackupAndRestoreOptions {
  /** Where the checkpoint is kept, as `checkpoint.safetensors`; a folder for this training alone. */
  backupDir: string;
  /** When to save: `'epoch'`, after each one, or a number of steps. Default: `'epoch'`. */
  saveFreq?: 'epoch' | number;
  /** Whether the checkpoint is removed when training has come to its end. Default: true. */
  deleteCheckpoint?: boolean;
}

/**
 * Lets a training that was interrupted go on when the same program is run again, bit for bit as if it had never
 * stopped: weights, optimizer, random numbers, order of samples and place in it, results, callbacks, history. It saves
 * after each epoch (or after some steps) and when the `signal` of `fit` is aborted. The folder is locked meanwhile; the lock
 * of a program that was killed counts for nothing.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range; when training begins LOCKED where another one uses the
 *   folder, CHECKPOINT_MISMATCH where the model, the data or the settings are not those of the checkpoint,
 *   FILE_CORRUPT, FILE_UNREADABLE; WRITE_FAILED
 * @example
 * await model.fit(train, { epochs: 50, callbacks: [callbacks.backupAndRestore({ backupDir: 'backup' })] });
 */
export class BackupAndRestore extends Callback {
  static readonly className = 'BackupAndRestore';
  /** The checkpoint. */
  readonly file: string;
  private readonly saveFreq: 'epoch' | number;
  private readonly deleteCheckpoint: boolean;
  private training: ResumableTraining | undefined;
  private lock: HeldLock | undefined;
  private stepsPerEpoch = 0;
  /** Steps of the whole training at which it was saved last. */
  private savedAt = 0;

  constructor({ backupDir, saveFreq = 'epoch', deleteCheckpoint = true }: BackupAndRestoreOptions) {
    super();
    if (saveFreq !== 'epoch' && !(Number.isInteger(saveFreq) && saveFreq > 0)) {
      throw new CnnError('INVALID_ARGUMENT', 'BackupAndRestore: saveFreq is not valid', {
        argument: 'saveFreq',
        expected: "'epoch' or a number of steps",
        received: String(saveFreq),
      });
    }
    this.file = path.join(backupDir, 'checkpoint.safetensors');
    this.saveFreq = saveFreq;
    this.deleteCheckpoint = deleteCheckpoint;
  }

  override async onSetup(training: ResumableTraining): Promise<void> {
    await makeFolderFor(this.file);
    this.lock = await lockTraining(path.dirname(this.file));
    this.training = training;
    await removeLeftovers(this.file);
    if (existsSync(this.file)) await training.resume(this.file);
  }

  override onTrainBegin({ stepsPerEpoch }: TrainingControl): void {
    this.stepsPerEpoch = stepsPerEpoch;
    this.savedAt = 0;
  }

  override async onPause({ epoch, step, isLast }: Pause): Promise<void> {
    const done = epoch * this.stepsPerEpoch + step;
    const isDue = this.saveFreq === 'epoch' ? step === 0 : done - this.savedAt >= this.saveFreq;
    if (!isLast && !isDue) return;
    await this.training!.save(this.file);
    this.savedAt = done;
  }

  override async onTrainEnd(): Promise<void> {
    if (this.deleteCheckpoint) await rm(this.file, { force: true });
  }

  override async onTeardown(): Promise<void> {
    await this.lock?.release();
    this.lock = undefined;
  }
}
