import { throwIfAborted } from '../abort.js';
import { HostArray } from '../runtime/host-array.js';
import { sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import type { Model } from './model.js';
import { requireCount, requireKnown } from './requirements.js';
import { type ArrayLike, Source } from './source.js';

/** What `predict` takes beside the data. */
export interface PredictOptions {
  /**
   * Samples computed at a time; it does not change the results. Default: as many as have half a million input values
   * between them, at least 32 and at most 1,024.
   */
  batchSize?: number;
  /** Stops before the next step; `predict` then throws ABORTED. */
  signal?: AbortSignal;
}

/** The body of `Model.predict`. */
export async function predict(model: Model, x: ArrayLike, options: PredictOptions): Promise<HostArray> {
  requireKnown('predict', options, { batchSize: true, signal: true });
  const { signal } = options;
  if (options.batchSize !== undefined) requireCount('batchSize', options.batchSize, 1);
  const source = Source.of(x, 'x', model.inputShape?.slice(1));
  try {
    model.buildFor(source.batchShape);
    const batchSize = options.batchSize ?? defaultBatchSize(source.format.shape);
    // Where the model leaves a size open, the first batch says it.
    let sampleShape = model.outputShape!.slice(1).map((extent) => extent ?? 0);
    let values = new Float32Array(0);
    for (let first = 0; first < source.rows; first += batchSize) {
      throwIfAborted(signal, 'prediction was stopped');
      const last = Math.min(first + batchSize, source.rows);
      const rows = tf.range(first, last, 1, 'int32');
      try {
        const outputs = await model.predictStep.async(source.values, source.format, rows);
        if (first === 0) {
          sampleShape = outputs.shape.slice(1);
          values = new Float32Array((source.rows * outputs.size) / (last - first));
        }
        values.set(outputs.dataSync(), (first * values.length) / source.rows);
        outputs.dispose();
      } finally {
        rows.dispose();
      }
    }
    return new HostArray([source.rows, ...sampleShape], values);
  } finally {
    source.dispose();
  }
}

/** Large batches keep all cores busy; samples that are large themselves need no company, and memory. */
function defaultBatchSize(sampleShape: readonly number[]): number {
  return Math.min(1024, Math.max(32, Math.floor(2 ** 19 / sizeOf(sampleShape))));
}
