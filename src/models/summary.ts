import { formatShape, sizeOf } from '../shape.js';
import type { Model } from './model.js';

/** What `summary` takes. */
export interface SummaryOptions {
  /** Where each line goes. Default: `console.log`. */
  print?: (line: string) => void;
}

const HEADERS = ['Layer (type)', 'Output Shape', 'Param #'] as const;

/** Prints a model's layers as a table. */
export function summarize(model: Model, { print = console.log }: SummaryOptions): void {
  let shape = model.inputShape;
  const rows = model.layers.map((layer) => {
    if (shape !== undefined) shape = layer.computeOutputShape(shape);
    return [
      `${layer.name} (${layer.className})`,
      shape === undefined ? '?' : formatShape(shape),
      layer.isBuilt ? count(layer.countParams()) : '0 (unbuilt)',
    ] as const;
  });
  const widths = HEADERS.map((header, i) => Math.max(header.length, ...rows.map((row) => row[i]!.length)));
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`;
  const line = ([name, output, params]: readonly string[]) =>
    `│ ${name!.padEnd(widths[0]!)} │ ${output!.padEnd(widths[1]!)} │ ${params!.padStart(widths[2]!)} │`;
  print(`Model: "${model.name}"`);
  print(rule('┌', '┬', '┐'));
  print(line(HEADERS));
  print(rule('├', '┼', '┤'));
  for (const row of rows) print(line(row));
  print(rule('└', '┴', '┘'));
  const params = (weights: Model['weights']) =>
    weights.reduce((sum, { shape: dims }) => sum + sizeOf(dims), 0);
  const [trainable, frozen] = [params(model.trainableWeights), params(model.nonTrainableWeights)];
  print(` Total params: ${count(trainable + frozen)} (${size(trainable + frozen)})`);
  print(` Trainable params: ${count(trainable)} (${size(trainable)})`);
  print(` Non-trainable params: ${count(frozen)} (${size(frozen)})`);
}

const count = (n: number) => n.toLocaleString('en-US');

/** Memory of float32 parameters. */
function size(params: number): string {
  const bytes = params * 4;
  if (bytes < 1024) return `${bytes.toFixed(2)} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(2)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(2)} MB`;
}
