import * as tf from '../tf.js';
import { conv2dKernels, type Pair, type Stepping } from './conv2d-kernels.js';
import { differentiable } from './differentiable.js';
import { dilated } from './dilated.js';

export interface Conv2DAttributes extends Stepping {
  /** More than 1 only with strides of 1. */
  readonly dilationRate: Pair;
  /** Input and output channels are split into as many groups, each convolved by itself. */
  readonly groups: number;
}

/**
 * Two-dimensional convolution (correlation, as everywhere in deep learning).
 *
 * @param x [batch, height, width, inputs]
 * @param kernel [height, width, inputs / groups, outputs]
 * @returns [batch, height, width, outputs]
 */
export function conv2d(x: tf.Tensor, kernel: tf.Tensor, attributes: Conv2DAttributes): tf.Tensor {
  const { groups } = attributes;
  if (groups > 1) {
    const kernels = kernel.split(groups, -1);
    const parts = x
      .split(groups, -1)
      .map((part, i) => conv2d(part, kernels[i]!, { ...attributes, groups: 1 }));
    return tf.concat(parts, -1);
  }
  return dilated(x, kernel, attributes, (images, stepping) => {
    const { value, inputGradient, filterGradient } = conv2dKernels(stepping);
    return differentiable({ images, kernel }, () => ({
      value: value(images, kernel),
      saved: { images, kernel },
      gradients: {
        images: (dy, saved) => inputGradient(saved.images.shape, saved.kernel, dy),
        kernel: (dy, saved) => filterGradient(saved.images, saved.kernel.shape, dy),
      },
    }));
  });
}
