import type { CallContext, Layer } from '../layers/layer.js';
import { isObserved } from '../layers/observe.js';
import { concatRows } from '../ops/argument.js';
import { lanes } from '../runtime/threads.js';
import * as tf from '../tf.js';

/** Rows of a part at least: the products of fewer use a core badly. */
const FEWEST_ROWS = 32;

/**
 * Applies layers one after the other to parts of the batch, as many as are computed side by side. Where a layer
 * looks across samples, the parts are put together for it. The mathematics is that of the whole batch; sums over
 * its rows are taken part by part.
 */
export function applyInParts(layers: readonly Layer[], input: tf.Tensor, context: CallContext): tf.Tensor {
  const sizes = sizesOfParts(input.shape[0] ?? 0);
  if (sizes.length === 1) return layers.reduce((x, layer) => layer.apply(x, context), input);
  let parts = [input];
  for (const layer of layers) {
    const isSplit = layer.isPerSample(context);
    if (isSplit && parts.length === 1) parts = tf.split(parts[0]!, sizes);
    if (!isSplit && parts.length > 1) parts = [concatRows(parts)];
    parts = parts.map((part) => layer.apply(part, context));
  }
  return parts.length === 1 ? parts[0]! : concatRows(parts);
}

/** Rows of each part, equal but for one. */
function sizesOfParts(rows: number): number[] {
  const count = isObserved() ? 1 : Math.max(1, Math.min(lanes(), Math.floor(rows / FEWEST_ROWS)));
  return Array.from({ length: count }, (_, i) => Math.floor((rows + i) / count));
}
