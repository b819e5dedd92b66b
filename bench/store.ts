/** What was measured so far, in a file: rounds can be interrupted, split by workload, and taken up again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EagerRow } from './eager.js';
import type { Run } from './statistics.js';
import type { Size, WorkloadName } from './workloads.js';

export interface Results {
  date: string;
  machine: string;
  /** The share of the cores' time that other work took before the start; of several starts the most. */
  busyBefore?: number;
  /** By workload; a run names its own peer and round. */
  readonly runs: Partial<Record<WorkloadName, Run[]>>;
  readonly sizes: Partial<Record<WorkloadName, Size>>;
  /** Why something was not measured, by `peer, workload` or by peer. */
  readonly skipped: Record<string, string>;
  eager: readonly EagerRow[];
}

export function emptyResults(date: string, machine: string): Results {
  return { date, machine, runs: {}, sizes: {}, skipped: {}, eager: [] };
}

/**
 * Where the results of a day and a machine are: `DATE`, or `DATE-2` and so on where another machine has measured that
 * day, without an extension.
 */
export function stemOf(folder: string, date: string, machine: string): string {
  for (let count = 1; ; count++) {
    const stem = path.join(folder, count === 1 ? date : `${date}-${count}`);
    const there = readResults(`${stem}.json`);
    if (there === undefined || there.machine === machine) return stem;
  }
}

export function readResults(file: string): Results | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
}

export function writeResults(file: string, results: Results): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results)}\n`);
}

/** Forgets what is to be measured anew. */
export function forget(results: Results, workload: WorkloadName, peers: readonly string[], size: Size): void {
  const before = results.sizes[workload];
  const sameSize = before?.samples === size.samples && before.epochs === size.epochs;
  const kept = (results.runs[workload] ?? []).filter((run) => sameSize && !peers.includes(run.result.peer));
  results.runs[workload] = kept;
}

/** The run of a peer in a round, if there is one. */
export function findRun(
  results: Results,
  workload: WorkloadName,
  peer: string,
  round: number,
): Run | undefined {
  return results.runs[workload]?.find((run) => run.result.peer === peer && run.round === round);
}

export function versionsOf(results: Results): Record<string, string> {
  const runs = Object.values(results.runs).flat();
  return Object.assign({}, ...runs.map((run) => run.result.versions)) as Record<string, string>;
}
