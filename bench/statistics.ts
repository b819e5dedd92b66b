/** From single runs to what the table says: medians, spread, and ratios taken within each round. */
import type { PeerResult, Workload } from './peers.js';

/** One process: what it printed, and how long it lived. */
export interface Run {
  readonly round: number;
  readonly wallSeconds: number;
  readonly result: PeerResult;
}

export interface Summary {
  readonly peer: string;
  /** Seconds of an epoch after the first; of the whole process where that is the workload. */
  readonly seconds: Spread;
  /** Against cnn-node: the median over the rounds of the ratio within a round. */
  readonly ratio: number | undefined;
  readonly firstEpochSeconds: number;
  /** Training loss of the last epoch. */
  readonly loss: number;
  readonly testAccuracy: number;
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

/** What is timed. The first epoch holds compilation and warm-up and stands alone, unless there is no other. */
function timings(workload: Workload, run: Run): number[] {
  if (workload === 'process') return [run.wallSeconds];
  const seconds = run.result.epochs.map((epoch) => epoch.seconds);
  return seconds.length > 1 ? seconds.slice(1) : seconds;
}

/** Summaries of one workload, a peer each, fastest first. `runs` are all of that workload. */
export function summarize(workload: Workload, runs: readonly Run[], reference = 'cnn-node'): Summary[] {
  const byPeer = new Map<string, Run[]>();
  for (const run of runs) byPeer.set(run.result.peer, [...(byPeer.get(run.result.peer) ?? []), run]);
  const ours = new Map(
    (byPeer.get(reference) ?? []).map((run) => [run.round, median(timings(workload, run))]),
  );
  return [...byPeer]
    .map(([peer, own]) => {
      const ratios = own
        .filter((run) => ours.has(run.round))
        .map((run) => ours.get(run.round)! / median(timings(workload, run)));
      return {
        peer,
        seconds: spread(own.flatMap((run) => timings(workload, run))),
        ratio: ratios.length > 0 ? median(ratios) : undefined,
        firstEpochSeconds: median(own.map((run) => run.result.firstEpochSeconds)),
        loss: median(own.map((run) => run.result.epochs.at(-1)!.loss)),
        testAccuracy: median(own.map((run) => run.result.testAccuracy)),
        peakMemoryMiB: Math.max(...own.map((run) => run.result.peakMemoryMiB)),
      };
    })
    .sort((a, b) => a.seconds.median - b.seconds.median);
}

/** Peers whose final loss is more than a tenth away from the median of all: they did not do the same work. */
export function outliers(summaries: readonly Summary[]): string[] {
  const middle = median(summaries.map((summary) => summary.loss));
  return summaries
    .filter((summary) => Math.abs(summary.loss / middle - 1) > 0.1)
    .map((summary) => summary.peer);
}
