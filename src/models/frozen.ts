import { withValues } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import type { Model } from './model.js';
import { undivided } from './parts.js';

/** What the model gives for a batch with other values for its weights, as the one graph that files and XLA are given. */
export function applyFrozen(model: Model, weights: readonly tf.Tensor[], batch: tf.Tensor): tf.Tensor {
  return undivided(() => withValues(model.weights, weights, () => model.apply(batch)));
}
