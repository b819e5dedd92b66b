import type * as tf from '../tf.js';
import { GlobalPooling2D, type GlobalPooling2DOptions } from './global-pooling-2d.js';

/**
 * The mean of each channel: input [batch, height, width, channels], output [batch, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images
 * @example
 * layers.globalAveragePooling2d(); // [null, 7, 7, 64] becomes [null, 64]
 */
export class GlobalAveragePooling2D extends GlobalPooling2D {
  static readonly className = 'GlobalAveragePooling2D';

  constructor(options: GlobalPooling2DOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.mean([1, 2], this.options.keepdims);
  }
}
