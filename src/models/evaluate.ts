import { throwIfAborted } from '../abort.js';
import * as tf from '../tf.js';
import type { Results } from './compiled.js';
import { ExecutionPlan } from './execution.js';
import type { Model } from './model.js';
import { Progress, type ProgressStream, VERBOSITIES, type Verbosity } from './progress.js';
import { requireCount, requireKnown, requireOneOf } from './requirements.js';
import type { ArrayLike } from './source.js';
import { type PlacedData, placeData } from './training-data.js';

/** What `evaluate` takes beside the data. */
export interface EvaluateOptions {
  /** Samples in one step; it does not change the results. Default: 32. */
  batchSize?: number;
  /** 0 silent, 1 a progress bar, 2 one line. Default: 1. */
  verbose?: Verbosity;
  /** A weight for each sample. */
  sampleWeight?: ArrayLike;
  /** Where the progress goes. Default: standard error. */
  stream?: ProgressStream;
  /** Stops before the next step; `evaluate` then throws ABORTED. */
  signal?: AbortSignal;
}

const NAMES: Readonly<Record<keyof EvaluateOptions, true>> = {
  batchSize: true,
  verbose: true,
  sampleWeight: true,
  stream: true,
  signal: true,
};

/** Scores a compiled model; the body of `Model.evaluate`. */
export async function evaluate(
  model: Model,
  x: ArrayLike,
  y: ArrayLike,
  options: EvaluateOptions,
): Promise<Results> {
  requireKnown('evaluate', options, NAMES);
  const { batchSize = 32, verbose = 1, stream, signal } = options;
  requireOneOf('verbose', verbose, VERBOSITIES);
  requireCount('batchSize', batchSize, 1);
  const data = placeData(model, x, y, options);
  const progress = new Progress({ verbose, stream, stepsPerEpoch: Math.ceil(data.rows / batchSize) });
  try {
    const began = performance.now();
    progress.epochBegin(0);
    const results = await runEvaluation(model, data, batchSize, progress, signal);
    progress.epochEnd(results, (performance.now() - began) / 1000);
    return results;
  } finally {
    progress.close();
    data.dispose();
  }
}

/** Scores data in place. */
export async function runEvaluation(
  model: Model,
  data: PlacedData,
  batchSize: number,
  progress?: Progress,
  signal?: AbortSignal,
): Promise<Results> {
  const { steps } = model;
  const plan = new ExecutionPlan(model.stepsPerExecution);
  const total = Math.ceil(data.rows / batchSize);
  steps.reset();
  for (let step = 0; step < total; ) {
    throwIfAborted(signal, 'evaluation was stopped', { step });
    const count = plan.next(total - step);
    const first = step * batchSize;
    const last = Math.min((step + count) * batchSize, data.rows);
    const rows = tf.range(data.firstRow + first, data.firstRow + last, 1, 'int32');
    const began = performance.now();
    try {
      await steps.evaluate.async(data.step, rows, batchSize);
    } finally {
      rows.dispose();
    }
    plan.record(performance.now() - began);
    step += count;
    if (progress?.isDue) progress.update(step, model.readResults());
  }
  return model.readResults();
}
