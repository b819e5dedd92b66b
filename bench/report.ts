/** The results as Markdown, with all that a reader needs to judge them. */
import os from 'node:os';
import { cpuFeatures } from '../src/runtime/cpu.js';
import type { EagerRow } from './eager.js';
import type { Workload } from './peers.js';
import { outliers, type Spread, type Summary } from './statistics.js';

export interface Section {
  readonly workload: Workload;
  readonly samples: number;
  readonly epochs: number;
  readonly summaries: readonly Summary[];
}

export interface Report {
  readonly date: string;
  readonly rounds: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
  readonly eager: readonly EagerRow[];
  readonly skipped: ReadonlyMap<string, string>;
}

export const titles: Record<Workload, string> = {
  softmax: 'Softmax regression 784-10, SGD 0.5',
  mlp: 'MLP 784-512-512-10, dropout 0.2, Adam',
  cnn: 'CNN 32c3-p2-64c3-p2-d.5-10, Adam',
  process: 'Whole process, from command to test score: the MLP',
};

/** Processor, memory and system, in one line, and a warning where other work went on. */
export function machine(loadBefore: number): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const parts = [
    `${cpus.length} cores of ${cpus[0]?.model.trim() ?? 'an unknown processor'} (${cpuFeatures()?.join(', ') ?? 'extensions unknown'})`,
    `${memory} GiB`,
    `${os.type()} ${os.release()} ${os.arch()}`,
    `Node ${process.versions.node}`,
    `load before the start ${loadBefore.toFixed(1)}`,
  ];
  const busy = loadBefore > 0.5 ? '. **The machine was busy: these numbers are no measurement**' : '';
  return parts.join('; ') + busy;
}

function seconds(value: number): string {
  return value.toPrecision(3);
}

function range({ median, min, max }: Spread): string {
  return `${seconds(median)} (${seconds(min)} to ${seconds(max)})`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows as [readonly string[], ...(readonly string[])[]];
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function eagerTable(rows: readonly EagerRow[]): string {
  const cells = rows.map(({ op, ours, stock, ratio }) => [
    op,
    `${seconds(ours)} us`,
    `${seconds(stock)} us`,
    `${ratio.toFixed(2)} times`,
  ]);
  return markdown([['op on 2 x 2 numbers', 'cnn-node', 'stock addon', 'cnn-node takes'], ...cells]);
}

function table({ workload, summaries }: Section): string {
  const timed = workload === 'process' ? 'seconds, whole' : 'seconds an epoch';
  const head = ['peer', timed, 'cnn-node takes', 'first epoch', 'loss', 'test accuracy', 'peak memory'];
  const rows = summaries.map((s) => [
    s.peer,
    range(s.seconds),
    s.ratio === undefined ? '' : `${s.ratio.toFixed(2)} times`,
    `${seconds(s.firstEpochSeconds)} s`,
    s.loss.toFixed(4),
    `${(100 * s.testAccuracy).toFixed(2)} %`,
    `${s.peakMemoryMiB} MiB`,
  ]);
  return markdown([head, ...rows]);
}

function section(part: Section): string {
  const { workload, samples, epochs, summaries } = part;
  const lines = [
    `## ${titles[workload]}`,
    '',
    `${samples.toLocaleString('en')} digits, batches of 128, ${epochs} epochs.`,
    '',
    table(part),
  ];
  if (summaries.length > 1) {
    const odd = outliers(summaries);
    lines.push(
      '',
      odd.length === 0
        ? 'All peers reached the same loss within a tenth.'
        : `Another loss than the rest: ${odd.join(', ')}.`,
    );
  }
  return lines.join('\n');
}

/** The whole document. */
export function report({ date, rounds, machine, versions, sections, eager, skipped }: Report): string {
  const lines = [
    `# Benchmark of ${date}`,
    '',
    `${machine}.`,
    '',
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    `${rounds === 1 ? 'One round' : `${rounds} rounds`}, all peers one after the other in each. Seconds are the median (and range) of the epochs`,
    'after the first; ratios are taken within a round, below 1 where cnn-node is faster. Peak memory is the resident size.',
    '',
    ...sections.map((part) => `${section(part)}\n`),
  ];
  if (eager.length > 0) lines.push('## One eager op', '', eagerTable(eager), '');
  if (skipped.size > 0) {
    lines.push('## Not measured', '', ...[...skipped].map(([name, reason]) => `- ${name}: ${reason}`), '');
  }
  return lines.join('\n');
}
