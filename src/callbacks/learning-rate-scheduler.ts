import { Callback, type TrainingControl } from './callback.js';

/** Gives the learning rate of an epoch (from 0), knowing the one before. */
export type EpochSchedule = (epoch: number, learningRate: number) => number;

/**
 * Sets the learning rate at the beginning of each epoch. (What changes it at each step is in
 * `schedules`.)
 *
 * @throws CnnError INVALID_ARGUMENT when the function gives something that is not a number of 0 or more, or a schedule
 *   of the optimizer gives the rate
 * @example
 * callbacks.learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9));
 */
export class LearningRateScheduler extends Callback {
  static readonly className = 'LearningRateScheduler';
  private readonly schedule: EpochSchedule;
  private control: TrainingControl | undefined;

  constructor(schedule: EpochSchedule) {
    super();
    this.schedule = schedule;
  }

  override onTrainBegin(control: TrainingControl): void {
    this.control = control;
  }

  override onEpochBegin(epoch: number): void {
    const { optimizer } = this.control!.model;
    optimizer.learningRate = this.schedule(epoch, optimizer.learningRate);
  }
}
