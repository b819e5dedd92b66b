import * as tf from '../tf.js';
import type { Results } from './compiled.js';
import { nonFiniteLoss } from './finite.js';
import type { Model } from './model.js';
import { requireKnown } from './requirements.js';
import type { ArrayLike } from './source.js';
import { placeData } from './training-data.js';

/** What `trainOnBatch` takes beside the batch. */
export interface BatchOptions {
  /** A weight for each sample. */
  sampleWeight?: ArrayLike;
  /** A weight for each class: `{ 0: 1, 1: 5 }`. Classes left out weigh 1. */
  classWeight?: Readonly<Record<number, number>>;
}

const NAMES: Readonly<Record<keyof BatchOptions, true>> = { sampleWeight: true, classWeight: true };

/** One training step; the body of `Model.trainOnBatch`. */
export async function trainOnBatch(
  model: Model,
  x: ArrayLike,
  y: ArrayLike,
  options: BatchOptions,
): Promise<Results> {
  requireKnown('trainOnBatch', options, NAMES);
  const data = placeData(model, x, y, options);
  const rows = tf.range(0, data.rows, 1, 'int32');
  try {
    model.optimizer.build(model.trainableWeights);
    model.steps.reset();
    const loss = await model.steps.train.async(data.step, rows, data.rows);
    const value = loss.dataSync()[0]!;
    loss.dispose();
    if (!Number.isFinite(value)) throw nonFiniteLoss(value);
    return model.readResults();
  } finally {
    rows.dispose();
    data.dispose();
  }
}
