import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

/**
 * Makes one axis of all but the batch's: input [batch, ...], output [batch, product of the rest].
 *
 * @example
 * layers.flatten({ inputShape: [28, 28] }); // [null, 784]
 */
export class Flatten extends Layer {
  static readonly className = 'Flatten';

  constructor(options: LayerOptions = {}) {
    super(options);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.reshape(this.computeOutputShape(input.shape) as number[]);
  }

  computeOutputShape([batch = null, ...rest]: Shape): Shape {
    const size = rest.reduce(
      (product, extent) => (product === null || extent === null ? null : product * extent),
      1,
    );
    return [batch, size];
  }
}
