import { throwIfAborted } from '../abort.js';
import { HostArray } from '../runtime/host-array.js';
import { sizeOf } from '../shape.js';
import type { Model } from './model.js';
import { requireCount, requireKnown } from './requirements.js';
import { Samples } from './samples.js';
import type { ArrayLike } from './source.js';

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
  const samples = new Samples(x, model.inputShape?.slice(1));
  const { count, format } = samples;
  model.buildFor(samples.batchShape);
  const batchSize = options.batchSize ?? defaultBatchSize(format.shape);
  // Where the model leaves a size open, the first batch says it.
  let sampleShape = model.outputShape!.slice(1).map((extent) => extent ?? 0);
  let results = new Float32Array(0);
  const place = (first: number) =>
    first < count ? samples.place(first, Math.min(first + batchSize, count)) : undefined;
  let batch = place(0);
  for (let first = 0; batch !== undefined; first += batchSize) {
    const current = batch;
    try {
      throwIfAborted(signal, 'prediction was stopped');
      const computing = model.predictStep.async(current, format);
      // While that one computes.
      batch = place(first + batchSize);
      const outputs = await computing;
      if (first === 0) {
        sampleShape = outputs.shape.slice(1);
        results = new Float32Array((count * outputs.size) / outputs.shape[0]!);
      }
      results.set(outputs.dataSync(), (first * results.length) / count);
      outputs.dispose();
    } catch (error) {
      if (batch !== current) batch?.dispose();
      throw error;
    } finally {
      current.dispose();
    }
  }
  return new HostArray([count, ...sampleShape], results);
}

/** Large batches keep all cores busy; samples that are large themselves need no company, and memory. */
function defaultBatchSize(sampleShape: readonly number[]): number {
  return Math.min(1024, Math.max(32, Math.floor(2 ** 19 / sizeOf(sampleShape))));
}
