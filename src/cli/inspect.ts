import { existsSync } from 'node:fs';
import path from 'node:path';
import { gather, readBytes } from '../datasets/bytes.js';
import { brief } from '../insight/finding.js';
import { type Finding, inspect as inspectModel } from '../insight/index.js';
import { type WeightSummary, weightTable } from '../insight/weight-table.js';
import { loadModel } from '../models/load.js';
import { classification } from './classification.js';
import type { Action } from './command.js';
import { loadData, shapedFor } from './data.js';
import { exitCodes } from './exit-codes.js';
import { findModel } from './find-model.js';
import { drawInside, insidePictures } from './inside.js';
import type { inspectOptions } from './options.js';
import type { Colors } from './output.js';
import { startRuntime } from './runtime.js';
import { count, plural } from './words.js';
import { writePictures } from './write-pictures.js';

/** Of a history: enough for 100,000 epochs. */
const MAX_HISTORY = 2 ** 24;

/** `cnn inspect` */
export const inspect: Action<typeof inspectOptions> = async (values, output, given) => {
  const { file, config } = await findModel(given, output);
  // What is said about the data replaces all that the run says about it: the format belongs to the data.
  const data = values.data ?? config?.data ?? 'mnist';
  const format = values.data === undefined && config !== undefined ? config.format : values.format;
  const valSplit = values.data === undefined ? (config?.valSplit as number | undefined) : undefined;
  const splits = await loadData({ data, format, valSplit });
  await startRuntime(values.device, output);
  const model = await loadModel(file);
  if (!model.isCompiled) model.compile({ ...classification, optimizer: 'sgd' });
  const { train, validation, test } = splits;
  output.info(
    `inspecting ${file} on ${count(Math.min(values.samples, train.size))} samples of ${train.name}`,
  );
  const history = config === undefined ? {} : await readHistory(path.join(path.dirname(file), 'history.csv'));
  const shapedTest = shapedFor(model, test);
  const findings = await inspectModel(model, shapedFor(model, train), {
    samples: values.samples,
    validation: shapedFor(model, validation),
    test: shapedTest,
    history,
  });
  const weights = weightTable(model);
  const inside = { model, test: shapedTest, history };
  const drawn = values.json ? [] : await drawInside(inside, values);
  const pictures =
    values.pictures &&
    (await writePictures(values.pictures, await insidePictures(inside, values.activations)));
  output.result({ event: 'result', model: file, data, weights, findings, pictures }, (colors) => {
    const lines: string[] = [];
    model.summary({ print: (line) => lines.push(line) });
    return [...lines, '', ...printWeights(weights), ...drawn, '', ...printFindings(findings, colors)];
  });
  if (values.pictures !== undefined) output.info(`pictures are in ${values.pictures}`);
  return exitCodes.done;
};

/** A run's results, by name; of an epoch without validation there is none in the columns of validation. */
async function readHistory(file: string): Promise<Record<string, number[]>> {
  if (!existsSync(file)) return {};
  const bytes = await readBytes(file, ({ chunks }) => gather(file, chunks, MAX_HISTORY));
  const [header = '', ...rows] = bytes.toString().trim().split('\n');
  const cells = rows.map((row) => row.split(','));
  return Object.fromEntries(
    header.split(',').map((name, i) => [name, cells.map((row) => Number(row[i])).filter(Number.isFinite)]),
  );
}

const COLUMNS = ['weight', 'shape', 'mean', 'deviation', 'least', 'largest'] as const;

function printWeights(weights: readonly WeightSummary[]): string[] {
  const rows = weights.map(({ layer, name, shape, mean, deviation, least, largest }) => [
    `${layer}/${name}`,
    shape.join(' x '),
    ...[mean, deviation, least, largest].map(brief),
  ]);
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]!.length)));
  return [COLUMNS, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
}

function printFindings(findings: readonly Finding[], colors: Colors): string[] {
  if (findings.length === 0) return [colors.green('nothing is wrong with it, as far as can be seen')];
  const paint = { error: colors.red, warning: colors.yellow };
  return [
    `${plural(findings.length, 'finding')}:`,
    ...findings.flatMap(({ code, severity, layer, message, advice }) => [
      `${paint[severity](severity)} ${code}${layer === undefined ? '' : ` in ${layer}`}: ${message}`,
      `  ${advice}`,
    ]),
  ];
}
