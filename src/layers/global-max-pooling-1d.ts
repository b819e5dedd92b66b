import { maxOver } from '../ops/max-over.js';
import type * as tf from '../tf.js';
import { GlobalPooling, type GlobalPoolingOptions } from './global-pooling.js';

/**
 * The maximum of each channel: input [batch, steps, channels], output [batch, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is of another rank
 * @example
 * layers.globalMaxPooling1d(); // [null, 49, 64] becomes [null, 64]
 */
export class GlobalMaxPooling1D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling1D';
  protected readonly axes = [1];

  constructor(options: GlobalPoolingOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return maxOver(input, this.axes, this.options.keepdims);
  }
}
