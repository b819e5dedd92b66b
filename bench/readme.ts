/** The table of README.md, made from results. */
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable, short } from './markdown.js';
import { machineLine, sections } from './report.js';
import { type Results, versionsOf } from './store.js';

const [BEGIN, END] = ['<!-- bench -->', '<!-- /bench -->'];

/** A column for each peer of some workloads, a row for each thing that was measured: medians. */
export function readmeTable(results: Results): string {
  const parts = sections(results);
  const found = new Set(parts.flatMap(({ summaries }) => summaries.map(({ peer }) => peer)));
  const columns = [...found].sort(
    (a, b) => Number(b === 'cnn-node') - Number(a === 'cnn-node') || (a < b ? -1 : 1),
  );
  const rows = parts.flatMap(({ title, summaries }) => {
    const names = [...new Set(summaries.flatMap(({ measures }) => measures.map(({ name }) => name)))];
    return names.map((name) => [
      `${title}: ${name}`,
      ...columns.map((peer) => {
        const summary = summaries.find((each) => each.peer === peer);
        const measure = summary?.measures.find((each) => each.name === name);
        return measure === undefined ? '' : short(measure.spread.median);
      }),
    ]);
  });
  const versions = Object.entries(versionsOf(results)).map(([name, version]) => `${name} ${version}`);
  return [
    'Medians; smaller is better. An epoch is one of those after the first, of all the samples that a peer is given.',
    markdownTable([['', ...columns], ...rows]),
    `${results.date}. ${machineLine(results)}. ${versions.join(', ')}.`,
  ].join('\n\n');
}

/** Puts the table between the marks in the file. */
export function writeReadme(file: string, results: Results): void {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} ... ${END}`);
  const filled = `${text.slice(0, from)}${BEGIN}\n\n${readmeTable(results)}\n\n${text.slice(to)}`;
  writeFileSync(file, filled);
}
