import type { CallContext, Layer } from '../layers/layer.js';
import { isObserved } from '../layers/observe.js';
import { concatRows } from '../ops/argument.js';
import { lanes } from '../runtime/threads.js';
import { partSizes, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import { neededStarts, shapesBetween } from './starts.js';

/** Places, in all rows of a part, at which a layer is applied at least: products of fewer use a core badly. */
const FEWEST_PLACES = 128;

let isUndivided = false;

/** Runs `body`, in which batches stay whole. */
export function undivided<T>(body: () => T): T {
  const outer = isUndivided;
  isUndivided = true;
  try {
    return body();
  } finally {
    isUndivided = outer;
  }
}

/**
 * Applies layers one after the other, to parts of the batch where that is best for them: as many as are computed side
 * by side. A layer that takes the batch as it comes gets the parts that are there, or those that a later layer wants.
 * The mathematics is that of the whole batch; sums over its rows are taken part by part, and what the output does not
 * depend on is left out.
 */
export function applyInParts(layers: readonly Layer[], input: tf.Tensor, context: CallContext): tf.Tensor {
  let parts = [input];
  const forms = layers.map((layer) => layer.batchForm(context));
  const shapes = shapesBetween(layers, input.shape);
  const starts = isObserved() ? layers.map(() => undefined) : neededStarts(layers, shapes);
  for (const [i, layer] of layers.entries()) {
    const next = forms.findIndex((form, at) => at >= i && form !== 'either');
    if (forms[i] === 'whole') parts = [concatRows(parts)];
    else if (forms[next] === 'parts') parts = split(parts, shapes[next]!);
    parts = parts.map((part) => {
      const start = starts[i];
      if (start === undefined) return layer.apply(part, context);
      // Where nothing is multiplied, leaving out takes longer than computing.
      return layer.applyToStart(part, context, forms[i] === 'parts' ? start : part.shape);
    });
  }
  return concatRows(parts);
}

/**
 * In equal parts but for one row, unless the batch is in parts already.
 *
 * @param shape of the batch when it comes to the layer for which it is split
 */
function split(parts: tf.Tensor[], shape: Shape): tf.Tensor[] {
  if (parts.length > 1 || isUndivided || isObserved()) return parts;
  const rows = parts[0]!.shape[0]!;
  const places = shape.slice(1, -1).reduce<number>((product, extent) => product * (extent ?? 1), rows);
  const count = Math.min(lanes(), rows, Math.floor(places / FEWEST_PLACES));
  return count <= 1 ? parts : tf.split(parts[0]!, partSizes(rows, count));
}
