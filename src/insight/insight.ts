import { Callback, type Logs, type TrainingControl } from '../callbacks/callback.js';
import { permutation } from '../datasets/permutation.js';
import type { Model } from '../models/model.js';
import { requireCount } from '../models/requirements.js';
import { diagnose } from './diagnose.js';
import type { Finding } from './finding.js';
import { collectStatistics, type Statistics } from './statistics.js';
import { TimeBudget } from './time-budget.js';
import { updatesOf } from './updates.js';

/** The part of the time since training began that looks may have taken when there is another one. */
const BUDGET = 0.03;
/** The part of an epoch's samples that a look takes. */
const SHARE = 1 / 128;
const FEWEST_SAMPLES = 256;
const MOST_SAMPLES = 2048;

/** What the callback `Insight` takes. */
export interface InsightOptions {
  /**
   * Epochs between two looks, from 1 on. Default: after each epoch until which looks took less than 3 % of the time,
   * and at the end; so they cost less than 5 % of any training that is longer than a few seconds.
   */
  readonly interval?: number;
  /** Samples to look at each time, from 1 on. Default: one in 128, from 256 to 2048. */
  readonly samples?: number;
  /** Is told each finding once for each layer. Default: writes it, with its advice, to standard error. */
  readonly onFinding?: (finding: Finding) => void;
}

/**
 * Looks at the network while it trains, before the first step, after epochs and at the end, and says what is wrong
 * with it: see `inspect`, of which this does all but the search for duplicates and leaks. Training goes on as if
 * nobody looked, bit for bit.
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
  private budget = new TimeBudget(BUDGET);
  private hasTrainedSince = false;
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
    this.budget = new TimeBudget(BUDGET);
    if (!this.isRestored) this.restore({ history: {}, findings: [] });
    this.isRestored = false;
    await this.look();
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] = [...(this.history[name] ?? []), value];
    }
    this.hasTrainedSince = true;
    if (this.isDue(epoch)) await this.look();
  }

  override async onTrainEnd(): Promise<void> {
    if (this.hasTrainedSince) await this.look();
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

  private isDue(epoch: number): boolean {
    const { interval } = this.options;
    if (interval !== undefined) return (epoch + 1) % interval === 0;
    return this.budget.isLeft;
  }

  private async look(): Promise<void> {
    const model = this.control!.model as unknown as Model;
    const { history } = this;
    const findings = await this.budget.spend(async () =>
      diagnose({ statistics: await this.statistics(model), updates: updatesOf(model), history }),
    );
    this.hasTrainedSince = false;
    const { onFinding = print } = this.options;
    for (const finding of findings) {
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
