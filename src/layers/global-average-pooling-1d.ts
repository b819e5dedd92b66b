import type * as tf from '../tf.js';
import { GlobalPooling, type GlobalPoolingOptions } from './global-pooling.js';

/**
 * The mean of each channel: input [batch, steps, channels], output [batch, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is of another rank
 * @example
 * layers.globalAveragePooling1d(); // [null, 49, 64] becomes [null, 64]
 */
export class GlobalAveragePooling1D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling1D';
  protected readonly axes = [1];

  constructor(options: GlobalPoolingOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.mean(this.axes, this.options.keepdims);
  }
}
