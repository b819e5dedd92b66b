/** Values of the loss and the metrics at some point, by name: `{ loss: 0.3, accuracy: 0.9, val_loss: 0.2 }`. */
export type Logs = Readonly<Record<string, number>>;

/** What a callback can do with the training that it watches. */
export interface TrainingControl {
  /** The model being trained. */
  readonly model: unknown;
  /** Settings of this run: epochs, steps in one epoch, batch size. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Ends training after the current epoch (from onBatchEnd: after the current step). */
  stopTraining(reason?: string): void;
}

/**
 * Is told what happens in `fit`. Every method may be asynchronous; training waits. A callback that does not
 * override `onBatchEnd` costs nothing per step.
 */
export abstract class Callback {
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  onEpochBegin?(epoch: number): void | Promise<void>;
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;

  /** What has to be kept for a resumed run to go on as if it had never stopped: plain JSON. */
  getState(): Record<string, unknown> {
    return {};
  }

  setState(_state: Record<string, unknown>): void {}
}
