import type { Padding } from '../ops/window.js';
import * as tf from '../tf.js';
import { Pooling1D, type Pooling1DOptions } from './pooling-1d.js';

/**
 * The maximum of each window of each channel.
 *
 * Input [batch, steps, channels], output [batch, new steps, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of sequences, or smaller than the window
 * @example
 * layers.maxPooling1d({ poolSize: 2 }); // [null, 28, 32] becomes [null, 14, 32]
 */
export class MaxPooling1D extends Pooling1D {
  static readonly className = 'MaxPooling1D';

  constructor(options: Pooling1DOptions = {}) {
    super(options);
  }

  protected pool(
    images: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: Padding,
  ): tf.Tensor {
    return tf.maxPool(images, size, strides, pad);
  }
}
