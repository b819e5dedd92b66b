/** From single runs to what the table says: medians, spread, and ratios taken within each round. */
import type { PeerResult } from './peers.js';

/** One process: what it printed, and how long it lived. */
export interface Run {
  readonly round: number;
  readonly wallSeconds: number;
  readonly result: PeerResult;
}

/** One column of a table for one peer. */
export interface Measure {
  readonly name: string;
  readonly spread: Spread;
  /** Of cnn-node to this peer: the median over the rounds of the ratio within a round. */
  readonly ratio: number | undefined;
}

export interface Summary {
  readonly peer: string;
  readonly measures: readonly Measure[];
  readonly training?: {
    readonly firstEpochSeconds: number;
    /** Of the last epoch. */
    readonly loss: number;
    readonly testAccuracy: number;
  };
  readonly peakMemoryMiB: number;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** What a run measured. The first epoch holds compilation and warm-up and stands alone, unless there is no other. */
function measured({ wallSeconds, result }: Run): Record<string, number[]> {
  if (result.workload === 'process') return { 'whole (s)': [wallSeconds] };
  if (result.epochs === undefined) {
    return Object.fromEntries(Object.entries(result.measures ?? {}).map(([name, value]) => [name, [value]]));
  }
  const seconds = result.epochs.map((epoch) => epoch.seconds);
  return { 'an epoch (s)': seconds.length > 1 ? seconds.slice(1) : seconds };
}

/** The ratios of a measure between two peers, one for each round in which both took part. */
function ratios(name: string, ours: readonly Run[], theirs: readonly Run[]): number[] {
  return theirs.flatMap((run) => {
    const reference = ours.find((own) => own.round === run.round);
    const [a, b] = [reference && measured(reference)[name], measured(run)[name]];
    return a === undefined || b === undefined ? [] : [median(a) / median(b)];
  });
}

/** Summaries of one workload, a peer each, fastest first. `runs` are all of that workload. */
export function summarize(runs: readonly Run[], reference = 'cnn-node'): Summary[] {
  const byPeer = new Map<string, Run[]>();
  for (const run of runs) byPeer.set(run.result.peer, [...(byPeer.get(run.result.peer) ?? []), run]);
  const ours = byPeer.get(reference) ?? [];
  return [...byPeer]
    .map(([peer, own]) => {
      const names = Object.keys(measured(own[0]!));
      const measures = names.map((name) => {
        const taken = ratios(name, ours, own);
        return {
          name,
          spread: spread(own.flatMap((run) => measured(run)[name] ?? [])),
          ratio: taken.length > 0 ? median(taken) : undefined,
        };
      });
      const training = trainingOf(own);
      return {
        peer,
        measures,
        ...(training && { training }),
        peakMemoryMiB: Math.max(...own.map((run) => run.result.peakMemoryMiB)),
      };
    })
    .sort((a, b) => a.measures[0]!.spread.median - b.measures[0]!.spread.median);
}

function trainingOf(runs: readonly Run[]): Summary['training'] {
  const trained = runs.flatMap(({ result: { epochs, testAccuracy } }) =>
    epochs === undefined ? [] : [{ epochs, testAccuracy: testAccuracy! }],
  );
  if (trained.length === 0) return undefined;
  return {
    firstEpochSeconds: median(trained.map(({ epochs }) => epochs[0]!.seconds)),
    loss: median(trained.map(({ epochs }) => epochs.at(-1)!.loss)),
    testAccuracy: median(trained.map(({ testAccuracy }) => testAccuracy)),
  };
}

/** Peers whose final loss is further than a share of it from the median of all: they did not do the same work. */
export function outliers(summaries: readonly Summary[], tolerance: number): string[] {
  const losses = summaries.flatMap(({ training }) => (training === undefined ? [] : [training.loss]));
  if (losses.length < 2) return [];
  const middle = median(losses);
  return summaries
    .filter(({ training }) => training && !(Math.abs(training.loss / middle - 1) <= tolerance))
    .map(({ peer }) => peer);
}
