import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

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
export class InputLayer extends Layer {
  static readonly className = 'InputLayer';

  constructor(options: InputLayerOptions) {
    super(options);
    if (this.declaredInputShape === undefined) {
      throw this.optionError('inputShape', 'the shape of one sample', undefined);
    }
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.clone();
  }

  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
