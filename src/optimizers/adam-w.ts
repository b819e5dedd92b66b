import { Adam, type AdamOptions } from './adam.js';

/** What {@link AdamW} takes. */
export interface AdamWOptions extends AdamOptions {
  /** Default: 0.004. */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay: weights also lose learningRate · weightDecay of themselves at each update.
 * Loshchilov & Hutter (arXiv 1711.05101); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.adamW({ weightDecay: 0.01, excludeFromWeightDecay: ['bias'] });
 */
export class AdamW extends Adam {
  static override readonly className: string = 'AdamW';

  constructor(options: AdamWOptions = {}) {
    super({ ...options, weightDecay: options.weightDecay ?? 0.004 });
  }
}
