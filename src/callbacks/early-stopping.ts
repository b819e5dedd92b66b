import { anyNumber, checkKind, count, type JsonKind, listOf, nullable, object } from '../json-kind.js';
import type { HostArray } from '../runtime/host-array.js';
import type { Logs } from './callback.js';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.js';
import { fromText, toText, type WeightsText, weightsText } from './weights-text.js';

/** What {@link EarlyStopping} takes. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** By how much a result has to be better to count as better. Default: 0. */
  minDelta?: number;
  /** Number of epochs without a better result after which training stops. Default: 0. */
  patience?: number;
  /** A result that has to be bettered too for patience to begin anew. Default: none. */
  baseline?: number;
  /** Whether the weights of the best epoch are put back when training ends. Default: false. */
  restoreBestWeights?: boolean;
  /** Epochs before this one do not count, from 0. Default: 0. */
  startFromEpoch?: number;
}

interface State {
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly wait: number;
  readonly bestWeights: readonly WeightsText[] | null;
}

const stateKind: JsonKind<State> = object({
  best: nullable(anyNumber),
  bestEpoch: count,
  wait: anyNumber,
  bestWeights: nullable(listOf(weightsText)),
});

/**
 * Stops training when a result has not become better for some epochs.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range; when training begins UNKNOWN_NAME for a result that
 *   there is not
 * @example
 * await model.fit(train, {
 *   epochs: 100,
 *   validationData: validation,
 *   callbacks: [callbacks.earlyStopping({ patience: 5, restoreBestWeights: true })],
 * });
 */
export class EarlyStopping extends MonitorCallback {
  static readonly className = 'EarlyStopping';
  private readonly patience: number;
  private readonly baseline: number | null;
  private readonly restoresWeights: boolean;
  private readonly startFromEpoch: number;
  private best: number | null = null;
  private bestEpochSoFar = 0;
  private wait = 0;
  private bestWeights: readonly HostArray[] | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super(options, options.minDelta);
    this.patience = options.patience ?? 0;
    this.baseline = options.baseline ?? null;
    this.restoresWeights = options.restoreBestWeights ?? false;
    this.startFromEpoch = options.startFromEpoch ?? 0;
    if (!(this.patience >= 0)) throw this.optionError('patience', 'a number of 0 or more', this.patience);
  }

  /** The epoch with the best result so far, from 0. */
  get bestEpoch(): number {
    return this.bestEpochSoFar;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const value = logs[this.monitor];
    if (value === undefined || epoch < this.startFromEpoch) return;
    this.wait++;
    if (this.isBetter(value, this.best)) {
      this.best = value;
      this.bestEpochSoFar = epoch;
      if (this.restoresWeights) this.bestWeights = this.control.model.getWeights();
      if (this.isBetter(value, this.baseline)) this.wait = 0;
    } else if (this.wait >= this.patience && epoch > 0) {
      const since = `since epoch ${this.bestEpochSoFar + 1}`;
      this.control.stopTraining(`${this.monitor} has not become better ${since}`);
    }
  }

  override onTrainEnd(): void {
    if (this.bestWeights !== undefined) this.control.model.setWeights(this.bestWeights);
  }

  override getState(): Record<string, unknown> {
    return {
      best: this.best,
      bestEpoch: this.bestEpochSoFar,
      wait: this.wait,
      bestWeights: this.bestWeights?.map(toText) ?? null,
    } satisfies State;
  }

  protected override reset(): void {
    this.restore({ best: null, bestEpoch: 0, wait: 0, bestWeights: null });
  }

  protected override restore(state: Record<string, unknown>): void {
    const { best, bestEpoch, wait, bestWeights } = checkKind('the state of EarlyStopping', state, stateKind);
    this.best = best;
    this.bestEpochSoFar = bestEpoch;
    this.wait = wait;
    this.bestWeights = bestWeights?.map(fromText);
  }
}
