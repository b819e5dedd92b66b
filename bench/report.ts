/** The results as Markdown, with all that a reader needs to judge them. */
import type { EagerRow } from './eager.js';
import { markdownTable, short } from './markdown.js';
import { outliers, type Spread, type Summary, summarize } from './statistics.js';
import { type Results, versionsOf } from './store.js';
import { type Size, type Workload, workloadNames, workloads } from './workloads.js';

/** The share of the cores' time that other work may take. */
const MOST_BUSY = 0.1;

export interface Section {
  readonly title: string;
  readonly workload: Workload;
  readonly size: Size;
  readonly rounds: number;
  readonly summaries: readonly Summary[];
}

/** The machine, with a warning where other work went on. */
export function machineLine({ machine, busyBefore }: Results): string {
  if (busyBefore === undefined) return machine;
  const warning =
    busyBefore > MOST_BUSY ? '. **The machine was busy: these numbers are no measurement**' : '';
  return `${machine}; ${Math.round(100 * busyBefore)} % busy before the start${warning}`;
}

/** A section for each workload of which there is a result. */
export function sections(results: Results): Section[] {
  return workloadNames.flatMap((name) => {
    const runs = results.runs[name] ?? [];
    if (runs.length === 0) return [];
    const workload = workloads[name];
    const rounds = Math.max(...runs.map((run) => run.round));
    return [
      { title: workload.title, workload, size: results.sizes[name]!, rounds, summaries: summarize(runs) },
    ];
  });
}

function range({ median, min, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} (${short(min)} to ${short(max)})`;
}

function eagerTable(rows: readonly EagerRow[]): string {
  const cells = rows.map(({ op, ours, stock, ratio }) => [
    op,
    `${short(ours)} us`,
    `${short(stock)} us`,
    `${ratio.toFixed(2)} times`,
  ]);
  return markdownTable([['op on 2 x 2 numbers', 'cnn-node', 'stock addon', 'cnn-node takes'], ...cells]);
}

function table({ summaries }: Section): string {
  const names = [...new Set(summaries.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  const isTraining = summaries.some(({ training }) => training !== undefined);
  const trained = isTraining ? ['first epoch', 'loss', 'test accuracy'] : [];
  const head = ['peer', ...names.flatMap((name) => [name, 'cnn-node takes']), ...trained, 'peak memory'];
  const rows = summaries.map(({ peer, measures, training, peakMemoryMiB }) => [
    peer,
    ...names.flatMap((name) => {
      const measure = measures.find((each) => each.name === name);
      const ratio = measure?.ratio === undefined ? '' : `${measure.ratio.toFixed(2)} times`;
      return [measure === undefined ? '' : range(measure.spread), ratio];
    }),
    ...(training
      ? [
          `${short(training.firstEpochSeconds)} s`,
          training.loss.toFixed(4),
          `${(100 * training.testAccuracy).toFixed(2)} %`,
        ]
      : trained.map(() => '')),
    `${peakMemoryMiB} MiB`,
  ]);
  return markdownTable([head, ...rows]);
}

function describe({ workload, size, rounds }: Section): string {
  const what = workload.data === 'mnist' ? 'digits' : 'pictures';
  const parts = [`${size.samples.toLocaleString('en')} ${what}`];
  if (workload.task === 'train')
    parts.push(`batches of ${workload.batch.toLocaleString('en')}`, `${size.epochs} epochs`);
  return `${parts.join(', ')}; ${rounds === 1 ? 'one round' : `${rounds} rounds`}.`;
}

function section(part: Section): string {
  const lines = [`## ${part.title}`, '', describe(part), '', table(part)];
  const { lossTolerance } = part.workload;
  if (part.summaries.filter(({ training }) => training !== undefined).length > 1) {
    const odd = outliers(part.summaries, lossTolerance);
    lines.push(
      '',
      odd.length === 0
        ? `All peers reached the same loss within ${Math.round(100 * lossTolerance)} %.`
        : `**Another loss than the rest, by more than ${Math.round(100 * lossTolerance)} %: ${odd.join(', ')}.**`,
    );
  }
  return lines.join('\n');
}

/** The whole document. */
export function report(results: Results): string {
  const { date, eager, skipped } = results;
  const lines = [
    `# Benchmark of ${date}`,
    '',
    `${machineLine(results)}.`,
    '',
    `Versions: ${Object.entries(versionsOf(results))
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    'In each round all peers run one after the other, each in a process of its own. Seconds of an epoch are the median (and',
    'range) of the epochs after the first; ratios are taken within a round, below 1 where cnn-node is faster. Peak memory is',
    'the resident size. Peers that compile for long take part in the first round alone.',
    '',
    ...sections(results).map((part) => `${section(part)}\n`),
  ];
  if (eager.length > 0) lines.push('## One eager op', '', eagerTable(eager), '');
  const reasons = Object.entries(skipped);
  if (reasons.length > 0)
    lines.push('## Not measured', '', ...reasons.map(([name, reason]) => `- ${name}: ${reason}`), '');
  return lines.join('\n');
}
