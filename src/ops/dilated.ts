import * as tf from '../tf.js';
import type { Pair, Stepping } from './conv2d-kernels.js';
import { zerosAround } from './window.js';

/**
 * A convolution with dilation, by one without: every rate-th pixel is taken as an image of its own. TensorFlow's CPU
 * gradients know no dilation, tfjs's neither.
 *
 * @param convolve the convolution without dilation
 */
export function dilated(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding, dilationRate }: Stepping & { readonly dilationRate: Pair },
  convolve: (images: tf.Tensor, stepping: Stepping) => tf.Tensor,
): tf.Tensor {
  if (dilationRate.every((rate) => rate === 1)) return convolve(x, { strides, padding });
  const edges = ([0, 1] as const).map((i) => {
    const rate = dilationRate[i];
    const extent = x.shape[i + 1]!;
    const window = { size: kernel.shape[i]!, stride: 1, dilation: rate };
    const [before, after] = padding === 'same' ? zerosAround(extent, window) : [0, 0];
    // What fills up the last image is cut off again.
    const rest = (rate - ((extent + before + after) % rate)) % rate;
    return { padded: [before, after + rest], cropped: [0, rest] };
  });
  const rates = [...dilationRate];
  const images = tf.spaceToBatchND(
    x,
    rates,
    edges.map(({ padded }) => padded),
  );
  const y = convolve(images, { strides: [1, 1], padding: 'valid' });
  return tf.batchToSpaceND(
    y,
    rates,
    edges.map(({ cropped }) => cropped),
  );
}
