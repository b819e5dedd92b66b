import type * as tf from '../tf.js';
import { conv2dKernels, type Stepping } from './conv2d-kernels.js';
import { differentiable } from './differentiable.js';

/**
 * The transpose of a convolution: what its gradient by the input is.
 *
 * @param x [batch, height, width, inputs]
 * @param kernel [height, width, outputs, inputs]
 * @param shape of the output, which the convolution would take to the shape of `x`
 */
export function conv2dTranspose(
  x: tf.Tensor,
  kernel: tf.Tensor,
  shape: number[],
  stepping: Stepping,
): tf.Tensor {
  const { value, inputGradient, filterGradient } = conv2dKernels(stepping);
  return differentiable({ x, kernel }, () => ({
    value: inputGradient(shape, kernel, x),
    saved: { x, kernel },
    gradients: {
      x: (dy, saved) => value(dy, saved.kernel),
      kernel: (dy, saved) => filterGradient(dy, saved.kernel.shape, saved.x),
    },
  }));
}
