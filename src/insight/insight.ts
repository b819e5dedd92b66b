import { Callback, type Logs, type TrainingControl } from '../callbacks/callback.js';
import { permutation } from '../datasets/permutation.js';
import type { Model } from '../models/model.js';
import { requireCount } from '../models/requirements.js';
import { diagnose } from './diagnose.js';
import type { Finding } from './finding.js';
import { collectStatistics, type Statistics } from './statistics.js';
import { updatesOf } from './updates.js';

/** The part of an epoch that a look takes: with all that it computes, a sample costs three to four times as much as in training. */
const SHARE = 1 / 128;
const FEWEST_SAMPLES = 256;
const MOST_SAMPLES = 2048;

/** What the callback `Insight` takes. */
export interface InsightOptions {
  /**
   * Epochs between two looks, from 1 on. Default: as many as it takes for the looks to cost less than 5 % of the
   * training time: 1 from 32,768 samples on, more for smaller data.
   */
  readonly interval?: number;
  /** Samples to look at each time, from 1 on. Default: one in 128, from 256 to 2048. */
  readonly samples?: number;
  /** Is told each finding once for each layer. Default: writes it, with its advice, to standard error. */
  readonly onFinding?: (finding: Finding) => void;
}

/**
 * Looks at the network while it trains, before the first step and then every few epochs, and says what is wrong with
 * it: see `inspect`, of which this does all but the search for duplicates and leaks. Training goes on as if nobody
 * looked, bit for bit.
 *
 * @example
 * const insight = new Insight();
 * await model.fit(train, { epochs: 10, validationData: validation, callbacks: [insight] });
 * insight.findings; // all of them
 */
export class Insight extends Callback {
  static readonly className = 'Insight';
  private readonly options: InsightOptions;
  private control: TrainingControl | undefined;
  private lookedAfter = -1;
  private history: Record<string, number[]> = {};
  private all: Finding[] = [];
  private isRestored = false;

  constructor(options: InsightOptions = {}) {
    super();
    this.options = options;
    for (const name of ['interval', 'samples'] as const) {
      const value = options[name];
      if (value !== undefined) requireCount(name, value, 1);
    }
  }

  /** What was found since training began, in the order in which it appeared. */
  get findings(): readonly Finding[] {
    return this.all;
  }

  override async onTrainBegin(control: TrainingControl): Promise<void> {
    this.control = control;
    this.lookedAfter = -1;
    if (!this.isRestored) this.restore({ history: {}, findings: [] });
    this.isRestored = false;
    await this.look();
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] = [...(this.history[name] ?? []), value];
    }
    if ((epoch + 1) % this.interval === 0) {
      await this.look();
      this.lookedAfter = epoch;
    }
  }

  /** A training shorter than the interval is looked at once. */
  override async onTrainEnd(): Promise<void> {
    if (this.lookedAfter < 0) await this.look();
  }

  override getState(): Record<string, unknown> {
    return { history: this.history, findings: this.all } satisfies State;
  }

  override setState(state: Record<string, unknown>): void {
    this.restore(state as unknown as State);
    this.isRestored = true;
  }

  private restore({ history, findings }: State): void {
    this.history = { ...history };
    this.all = [...findings];
  }

  private get samples(): number {
    const { rows } = this.control!.data;
    const usual = Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, Math.round(rows * SHARE)));
    return Math.min(rows, this.options.samples ?? usual);
  }

  private get interval(): number {
    return this.options.interval ?? Math.max(1, Math.ceil(this.samples / (SHARE * this.control!.data.rows)));
  }

  private async look(): Promise<void> {
    const model = this.control!.model as unknown as Model;
    const statistics = await this.statistics(model);
    const { onFinding = print } = this.options;
    for (const finding of diagnose({ statistics, updates: updatesOf(model), history: this.history })) {
      const isKnown = ({ code, layer }: Finding) => code === finding.code && layer === finding.layer;
      if (this.all.some(isKnown)) continue;
      this.all.push(finding);
      onFinding(finding);
    }
  }

  private statistics(model: Model): Promise<Statistics> {
    const { data, batchSize } = this.control!;
    // The same samples each time: what changes is the network.
    const rows = permutation(data.rows, 0).subarray(0, this.samples);
    return collectStatistics(model, data.step, rows, batchSize);
  }
}

interface State {
  readonly history: Record<string, number[]>;
  readonly findings: Finding[];
}

function print({ layer, message, advice }: Finding): void {
  process.stderr.write(`insight: ${layer === undefined ? '' : `${layer}: `}${message}.\n  ${advice}\n`);
}
