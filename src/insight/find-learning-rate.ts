import { columnGather } from '../datasets/column.js';
import type { Dataset } from '../datasets/dataset.js';
import { permutation } from '../datasets/permutation.js';
import { CnnError } from '../errors.js';
import type { Model } from '../models/model.js';
import { requireCount } from '../models/requirements.js';
import { type PlacedRows, placeData } from '../models/training-data.js';
import { ready } from '../runtime/backend.js';
import * as tf from '../tf.js';
import { Snapshot } from './snapshot.js';

/** What `findLearningRate` takes beside model and data. */
export interface LearningRateOptions {
  /** The rate of the first step, more than 0. Default: 1e-6. */
  readonly from?: number;
  /** The rate of the last step, more than the first. Default: 10. */
  readonly to?: number;
  /** Number of steps, 10 or more. Default: 100. */
  readonly steps?: number;
  /** Samples in one step. Default: 32. */
  readonly batchSize?: number;
  /** Fixes the order of the samples. Default: 0. */
  readonly seed?: number;
}

/** What a range test shows. */
export interface LearningRateRange {
  /** The rate of each step that was made. */
  readonly rates: number[];
  /** The loss at that step, smoothed. */
  readonly losses: number[];
  /** The rate at which the loss was lowest, before it rose: as a rule already too high to train with. */
  readonly lowest: number;
  /** A rate to train with, a tenth of that; undefined where no rate made the loss fall. */
  readonly suggested: number | undefined;
}

/** Weight of the losses before in the smoothed one. */
const SMOOTHING = 0.9;
/** The test ends where the loss is so many times the lowest. */
const DIVERGED = 4;
/** The part of the loss by which it has to fall for a rate to be called good. */
const FALL = 0.02;

/**
 * The learning rate range test: trains for some steps with a rate that grows from one to the next, by the same factor,
 * and looks at which rates the loss falls. The model is afterwards what it was.
 *
 * Source: Smith 2017, "Cyclical learning rates for training neural networks" (https://arxiv.org/abs/1506.01186),
 * section 3.3; a tenth of the rate with the lowest loss as in fastai's `lr_find`.
 *
 * @param model compiled, with the optimizer that it is to be trained with
 * @throws CnnError NOT_COMPILED, SHAPE_MISMATCH, DATA_INVALID; INVALID_ARGUMENT for options out of range, and where a
 *   schedule gives the rate
 * @example
 * const { suggested = 0.001 } = await findLearningRate(model, train, { batchSize: 128 });
 * model.optimizer.learningRate = suggested;
 */
export async function findLearningRate(
  model: Model,
  data: Dataset,
  options: LearningRateOptions = {},
): Promise<LearningRateRange> {
  const { from = 1e-6, to = 10, steps = 100, batchSize = 32, seed = 0 } = options;
  requireCount('steps', steps, 10);
  requireCount('batchSize', batchSize, 1);
  if (!(from > 0 && to > from && to < Number.POSITIVE_INFINITY)) {
    throw new CnnError('INVALID_ARGUMENT', 'findLearningRate: not a range of rates', {
      argument: 'from, to',
      expected: '0 < from < to',
      received: `${from} to ${to}`,
    });
  }
  await ready();
  const rows = permutation(data.size, seed).subarray(0, steps * batchSize);
  const placed = placeData(model, columnGather(data.x, rows), columnGather(data.y, rows));
  const { optimizer } = model;
  const rate = optimizer.learningRate;
  optimizer.build(model.trainableWeights);
  const snapshot = new Snapshot(model);
  try {
    const rates = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
    return summarize(rates, await lossesAt(model, placed, rates, Math.min(batchSize, placed.rows)));
  } finally {
    snapshot.restore();
    optimizer.learningRate = rate;
    model.steps.reset();
    snapshot.dispose();
    placed.dispose();
  }
}

/** The smoothed loss at each rate, up to the one at which training diverges. */
async function lossesAt(
  model: Model,
  data: PlacedRows,
  rates: readonly number[],
  batchSize: number,
): Promise<number[]> {
  const losses: number[] = [];
  let average = 0;
  for (const [step, rate] of rates.entries()) {
    model.optimizer.learningRate = rate;
    // Small data is gone through again.
    const first = (step * batchSize) % (data.rows - batchSize + 1);
    const rows = tf.range(first, first + batchSize, 1, 'int32');
    const results = await model.steps.train.async(data.step, rows, batchSize).finally(() => rows.dispose());
    const loss = results.dataSync<'float32'>()[0]!;
    results.dispose();
    average = SMOOTHING * average + (1 - SMOOTHING) * loss;
    const smoothed = average / (1 - SMOOTHING ** (step + 1));
    const lowest = Math.min(smoothed, ...losses);
    if (!Number.isFinite(smoothed) || (lowest > 0 && smoothed > DIVERGED * lowest)) break;
    losses.push(smoothed);
  }
  return losses;
}

function summarize(rates: readonly number[], losses: number[]): LearningRateRange {
  const at = losses.indexOf(Math.min(...losses));
  const hasFallen = losses.length > 0 && losses[0]! - losses[at]! > FALL * Math.abs(losses[0]!);
  const lowest = rates[Math.max(at, 0)]!;
  return {
    rates: rates.slice(0, losses.length),
    losses,
    lowest,
    suggested: hasFallen ? Number((lowest / 10).toPrecision(2)) : undefined,
  };
}
