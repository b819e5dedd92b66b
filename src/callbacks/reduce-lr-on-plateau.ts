import { anyNumber, checkKind, count, type JsonKind, nullable, object } from '../json-kind.js';
import type { Logs, TrainingControl } from './callback.js';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.js';

/** What {@link ReduceLROnPlateau} takes. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** By what the learning rate is multiplied, 0 to 1. Default: 0.1. */
  factor?: number;
  /** Number of epochs without a better result after which the rate is reduced. Default: 10. */
  patience?: number;
  /** By how much a result has to be better to count as better. Default: 0.0001. */
  minDelta?: number;
  /** Number of epochs after a reduction that do not count. Default: 0. */
  cooldown?: number;
  /** The lowest rate. Default: 0. */
  minLr?: number;
}

interface State {
  readonly best: number | null;
  readonly wait: number;
  readonly cooldownLeft: number;
}

const stateKind: JsonKind<State> = object({
  best: nullable(anyNumber),
  wait: count,
  cooldownLeft: anyNumber,
});

/**
 * Reduces the learning rate when a result has not become better for some epochs.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range; when training begins INVALID_ARGUMENT where a schedule
 *   gives the rate, UNKNOWN_NAME for a result that there is not
 * @example
 * await model.fit(train, { epochs: 50, validationData: validation, callbacks: [callbacks.reduceLROnPlateau({ patience: 3 })] });
 */
export class ReduceLROnPlateau extends MonitorCallback {
  static readonly className = 'ReduceLROnPlateau';
  private readonly factor: number;
  private readonly patience: number;
  private readonly cooldown: number;
  private readonly minLr: number;
  private best: number | null = null;
  private wait = 0;
  private cooldownLeft = 0;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    super(options, options.minDelta ?? 1e-4);
    this.factor = options.factor ?? 0.1;
    this.patience = options.patience ?? 10;
    this.cooldown = options.cooldown ?? 0;
    this.minLr = options.minLr ?? 0;
    if (!(this.factor >= 0 && this.factor < 1)) {
      throw this.optionError('factor', 'a number from 0 to less than 1', this.factor);
    }
  }

  override onTrainBegin(control: TrainingControl): void {
    super.onTrainBegin(control);
    // A rate that cannot be set is an error now, not after hours.
    const { optimizer } = control.model;
    const { learningRate } = optimizer;
    optimizer.learningRate = learningRate;
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    const value = logs[this.monitor];
    if (value === undefined) return;
    if (this.cooldownLeft > 0) {
      this.cooldownLeft--;
      this.wait = 0;
    }
    if (this.isBetter(value, this.best)) {
      this.best = value;
      this.wait = 0;
    } else if (this.cooldownLeft === 0) {
      this.wait++;
      if (this.wait >= this.patience) this.reduce();
    }
  }

  override getState(): Record<string, unknown> {
    return { best: this.best, wait: this.wait, cooldownLeft: this.cooldownLeft } satisfies State;
  }

  protected override reset(): void {
    this.restore({ best: null, wait: 0, cooldownLeft: 0 });
  }

  protected override restore(state: Record<string, unknown>): void {
    const { best, wait, cooldownLeft } = checkKind('the state of ReduceLROnPlateau', state, stateKind);
    this.best = best;
    this.wait = wait;
    this.cooldownLeft = cooldownLeft;
  }

  private reduce(): void {
    const { optimizer } = this.control.model;
    const { learningRate } = optimizer;
    if (learningRate <= this.minLr) return;
    optimizer.learningRate = Math.max(learningRate * this.factor, this.minLr);
    this.cooldownLeft = this.cooldown;
    this.wait = 0;
  }
}
