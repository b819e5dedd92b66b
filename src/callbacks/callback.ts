import type { Direction } from '../metrics/metric.js';
import type { PlacedRows } from '../models/training-data.js';
import type { HostArray } from '../runtime/host-array.js';
import type { TraceDescription } from '../runtime/jit.js';

/** Values of the loss and the metrics at some point, by name: `{ loss: 0.3, accuracy: 0.9, val_loss: 0.2 }`. */
export type Logs = Readonly<Record<string, number>>;

/** What callbacks do with the model being trained. */
export interface TrainedModel {
  /** Its optimizer; callbacks may change the learning rate between epochs. */
  readonly optimizer: {
    /** The rate at the next update. */
    learningRate: number;
  };
  /** Copies of all weights. */
  getWeights(): readonly HostArray[];
  /** Sets all weights, in the same order. */
  setWeights(values: readonly HostArray[]): void;
  /** Writes the model to a file. */
  save?(file: string): Promise<unknown>;
}

/** What a callback can do with the training that it watches. */
export interface TrainingControl {
  /** The model being trained. */
  readonly model: TrainedModel;
  /** What epochs report, `val_` ones included, and whether larger (`'up'`) or smaller is better, if that is known. */
  readonly results: Readonly<Record<string, Direction | undefined>>;
  /** Settings of this run: epochs, steps in one epoch, batch size. */
  readonly epochs: number;
  /** Batches in an epoch. */
  readonly stepsPerEpoch: number;
  /** Samples in a batch; the last one may have fewer. */
  readonly batchSize: number;
  /** What is trained on, where compiled functions take rows from. */
  readonly data: PlacedRows;
  /** The compiled training step as a graph. @throws CnnError UNSUPPORTED on other backends than libtensorflow */
  traceStep(): TraceDescription;
  /** Ends training after the current epoch (from onBatchEnd: after the current step). */
  stopTraining(reason?: string): void;
}

/** A training that can be put aside and gone on with, bit for bit as if it had never stopped. */
export interface ResumableTraining {
  /**
   * Writes everything that the rest of the training depends on: weights, optimizer, random numbers, place in the data,
   * results so far, states of all callbacks, history. The file is the old one or the new one, whole.
   *
   * @throws CnnError NON_FINITE_LOSS where a weight is not finite, WRITE_FAILED; the old file stays
   */
  save(file: string): Promise<void>;
  /**
   * Goes on where the training stopped that the file is from.
   *
   * @throws CnnError CHECKPOINT_MISMATCH where the model, the data or the settings are others; FILE_CORRUPT,
   *   FILE_UNREADABLE. Then nothing has changed
   */
  resume(file: string): Promise<void>;
}

/** A moment in training at which nothing is under way. */
export interface Pause {
  /** The epoch that is next, or that goes on, from 0. */
  readonly epoch: number;
  /** Steps of it that are done: 0 between two epochs. */
  readonly step: number;
  /** Whether training ends here, because its `signal` was aborted. */
  readonly isLast: boolean;
}

/**
 * Is told what happens in `fit`. Every method may be asynchronous; training waits. A callback that does not
 * override `onBatchEnd` costs nothing per step.
 */
export abstract class Callback {
  /** Comes before `onTrainBegin` of every callback: the one moment for `training.resume`. */
  onSetup?(training: ResumableTraining): void | Promise<void>;
  /** Before the first step. */
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  /** Not called again for an epoch that is gone on with after its first step. */
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** After a training step, from 0 in each epoch, with the results of the epoch so far. Costs time: numbers are read after each step. */
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  /** After an epoch, from 0, with its results, those of validation included. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /** Comes after every call of the training step, and after every epoch, when all callbacks have been told of it: the moment for `training.save`. */
  onPause?(pause: Pause): void | Promise<void>;
  /** After the last epoch, with its results. */
  onTrainEnd?(logs: Logs): void | Promise<void>;
  /** Comes last of all, also where training failed, was stopped or did not begin: the moment to give back what `onSetup` took. */
  onTeardown?(): void | Promise<void>;

  /** What has to be kept for a resumed run to go on as if it had never stopped: plain JSON. */
  getState(): Record<string, unknown> {
    return {};
  }

  /** Takes over what `getState` gave. To be called before `fit`, which then goes on instead of starting anew. */
  setState(_state: Record<string, unknown>): void {}
}
