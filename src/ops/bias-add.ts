import { nativeOp } from '../runtime/op.js';
import type * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';

/** Adds a vector along the last axis. */
export function biasAdd(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  if (!canFuse()) return x.add(bias);
  return differentiable({ x, bias }, () => ({
    value: nativeOp('BiasAdd', [x, bias], { data_format: 'NHWC' })[0]!,
    saved: {},
    gradients: {
      x: (dy) => dy.clone(),
      // As a matrix: TensorFlow would else have the convolution's gradient kernel sum it up, which takes longer.
      bias: (dy) =>
        nativeOp('BiasAddGrad', [dy.reshape([-1, dy.shape.at(-1)!])], { data_format: 'NHWC' })[0]!,
    },
  }));
}
