import type { _FusedMatMulAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';

/**
 * Product, bias and activation, one after the other. tfjs's kernel is slow as BatchMatMul is, and adds the bias
 * several times where a matrix is transposed and the inner dimension exceeds 48.
 */
export const fusedMatMul: KernelFunc = ({ inputs, attrs }) => {
  const { a, b, bias, preluActivationWeights } = inputs as Record<string, tf.Tensor | undefined>;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as unknown as _FusedMatMulAttrs;
  return tf.tidy(() => {
    const product = tf.matMul(a!, b!, transposeA, transposeB);
    const sum = bias === undefined || bias === null ? product : product.add(bias);
    switch (activation) {
      case 'relu':
        return sum.relu();
      case 'relu6':
        return sum.relu6();
      case 'elu':
        return sum.elu();
      case 'sigmoid':
        return sum.sigmoid();
      case 'prelu':
        return sum.prelu(preluActivationWeights!);
      case 'leakyrelu':
        return sum.leakyRelu(leakyreluAlpha!);
      default:
        return sum;
    }
  });
};
