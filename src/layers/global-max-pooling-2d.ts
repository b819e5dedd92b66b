import { maxOver } from '../ops/max-over.js';
import type * as tf from '../tf.js';
import { GlobalPooling2D, type GlobalPooling2DOptions } from './global-pooling-2d.js';

/**
 * The maximum of each channel: input [batch, height, width, channels], output [batch, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images
 * @example
 * layers.globalMaxPooling2d(); // [null, 7, 7, 64] becomes [null, 64]
 */
export class GlobalMaxPooling2D extends GlobalPooling2D {
  static readonly className = 'GlobalMaxPooling2D';

  constructor(options: GlobalPooling2DOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return maxOver(input, [1, 2], this.options.keepdims);
  }
}
