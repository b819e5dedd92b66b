import path from 'node:path';
import type { Dataset, Splits } from '../datasets/dataset.js';
import type { ImageFormat } from '../datasets/image-format.js';
import { load } from '../datasets/load.js';
import type { Model } from '../models/model.js';

/** What of a command's options says where data comes from. */
export interface DataOptions {
  readonly data: string;
  readonly format: ImageFormat;
  readonly valSplit?: number;
}

/** The three parts of the data that the options name, checked. */
export function loadData({ data, format, valSplit }: DataOptions): Promise<Splits> {
  return load(data, { format, validation: valSplit });
}

/** Where data comes from, as a run notes it: a name stays a name, a path holds from any folder. */
export function noteOf(data: string): string {
  return /[/\\.]/.test(data) ? path.resolve(data) : data;
}

/** The data in the shape that a model takes, where only the shape differs: `[28, 28, 1]` for `[28, 28]`. */
export function shapedFor(model: Model, dataset: Dataset): Dataset {
  const wanted = model.inputShape?.slice(1) as number[] | undefined;
  const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
  if (wanted === undefined || size(wanted) !== size(dataset.x.shape)) return dataset;
  return dataset.reshape(wanted);
}
