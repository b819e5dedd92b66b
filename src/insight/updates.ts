import type { Model } from '../models/model.js';
import * as tf from '../tf.js';

/** How often a model's weights were updated, as its optimizer knows. */
export function updatesOf({ optimizer }: Model): number {
  return optimizer.isBuilt ? tf.tidy(() => optimizer.iterations.read().dataSync()[0]!) : 0;
}
