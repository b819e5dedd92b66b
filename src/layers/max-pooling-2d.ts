import { maxPool } from '../ops/max-pool.js';
import type { Padding } from '../ops/window.js';
import type * as tf from '../tf.js';
import { Pooling2D, type Pooling2DOptions } from './pooling-2d.js';

/**
 * The maximum of each window of each channel.
 *
 * Input [batch, height, width, channels], output [batch, new height, new width, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images, or smaller than the window
 * @example
 * layers.maxPooling2d({ poolSize: 2 }); // [null, 28, 28, 32] becomes [null, 14, 14, 32]
 */
export class MaxPooling2D extends Pooling2D {
  static readonly className = 'MaxPooling2D';

  constructor(options: Pooling2DOptions = {}) {
    super(options);
  }

  protected pool(
    images: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: Padding,
  ): tf.Tensor {
    return maxPool(images, size, strides, pad);
  }
}
