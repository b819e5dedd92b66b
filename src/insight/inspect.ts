import { columnGather } from '../datasets/column.js';
import type { Dataset } from '../datasets/dataset.js';
import { permutation } from '../datasets/permutation.js';
import type { Model } from '../models/model.js';
import { requireCount } from '../models/requirements.js';
import { placeData } from '../models/training-data.js';
import { ready } from '../runtime/backend.js';
import { diagnose } from './diagnose.js';
import type { Finding } from './finding.js';
import { collectStatistics, type Statistics } from './statistics.js';
import { updatesOf } from './updates.js';

/** What `inspect` takes beside model and data. */
export interface InspectOptions {
  /** Looked through for samples that are in the training data as well. */
  readonly validation?: Dataset;
  /** To look for samples that are in the training data as well. */
  readonly test?: Dataset;
  /** Results of the epochs so far, as `fit` returns them: tells overfitting, and how long training has been. */
  readonly history?: Readonly<Record<string, readonly number[]>>;
  /** Samples to look at, from 1 on; a unit counts as dead when none of them activates it. Default: 4096. */
  readonly samples?: number;
  /** Samples in one step. Default: 128. */
  readonly batchSize?: number;
}

/**
 * Says what is wrong with a network, its data and its training: dead and saturated units, vanishing and exploding
 * gradients, a learning rate that is too high or too low, duplicates across the splits and more; docs/insight.md lists
 * all findings with their thresholds. The model is afterwards what it was.
 *
 * @param model compiled
 * @param data what it is trained on
 * @returns what was found, errors first; nothing for a network in good health
 * @throws CnnError NOT_COMPILED, SHAPE_MISMATCH, DATA_INVALID, INVALID_ARGUMENT
 * @example
 * for (const { message, advice } of await inspect(model, train, { validation, test, history })) {
 *   console.log(`${message}\n  ${advice}`);
 * }
 */
export async function inspect(model: Model, data: Dataset, options: InspectOptions = {}): Promise<Finding[]> {
  const { validation, test, history = {} } = options;
  const statistics = await observeModel(model, data, options);
  return diagnose({
    statistics,
    updates: updatesOf(model),
    history,
    train: data,
    ...(validation === undefined ? {} : { validation }),
    ...(test === undefined ? {} : { test }),
  });
}

/** The statistics of a model on a sample of a data set. */
export async function observeModel(
  model: Model,
  data: Dataset,
  { samples = 4096, batchSize = 128 }: Pick<InspectOptions, 'samples' | 'batchSize'> = {},
): Promise<Statistics> {
  requireCount('samples', samples, 1);
  requireCount('batchSize', batchSize, 1);
  await ready();
  const rows = permutation(data.size, 0).subarray(0, samples);
  const placed = placeData(model, columnGather(data.x, rows), columnGather(data.y, rows));
  try {
    model.optimizer.build(model.trainableWeights);
    const all = Uint32Array.from({ length: rows.length }, (_, i) => i);
    return await collectStatistics(model, placed.step, all, batchSize);
  } finally {
    placed.dispose();
  }
}
