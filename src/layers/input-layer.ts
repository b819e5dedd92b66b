import type * as tf from '../tf.js';
import { ElementwiseLayer } from './elementwise-layer.js';
import type { LayerOptions } from './layer.js';

/** What {@link InputLayer} takes. */
export interface InputLayerOptions extends LayerOptions {
  /** Shape of one sample; null for a size that varies. */
  inputShape: readonly (number | null)[];
}

/**
 * Says what shape a model takes; computes nothing. Any layer's own `inputShape` does the same.
 *
 * @example
 * layers.inputLayer({ inputShape: [28, 28, 1] });
 */
export class InputLayer extends ElementwiseLayer {
  static readonly className = 'InputLayer';

  constructor(options: InputLayerOptions) {
    super(options);
    if (this.declaredInputShape === undefined) {
      throw this.optionError('inputShape', 'the shape of one sample', undefined);
    }
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.clone();
  }
}
