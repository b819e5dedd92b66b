import { avgPool } from '../ops/avg-pool.js';
import type { Padding } from '../ops/window.js';
import type * as tf from '../tf.js';
import { Pooling1D, type Pooling1DOptions } from './pooling-1d.js';

/**
 * The mean of each window of each channel.
 *
 * Input [batch, steps, channels], output [batch, new steps, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of sequences, or smaller than the window
 * @example
 * layers.averagePooling1d({ poolSize: 2 }); // [null, 28, 32] becomes [null, 14, 32]
 */
export class AveragePooling1D extends Pooling1D {
  static readonly className = 'AveragePooling1D';

  constructor(options: Pooling1DOptions = {}) {
    super(options);
  }

  protected pool(
    images: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: Padding,
  ): tf.Tensor {
    return avgPool(images, size, strides, pad);
  }
}
