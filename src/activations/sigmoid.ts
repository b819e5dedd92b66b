import { rememberArgument } from '../ops/argument.js';
import { untracked } from '../ops/differentiable.js';
import * as ops from '../ops/elementwise.js';
import * as tf from '../tf.js';

/** `1 / (1 + exp(-x))`. A loss that gets the result computes from `x`. */
export function sigmoid(x: tf.Tensor): tf.Tensor {
  return rememberArgument('sigmoid', ops.sigmoid(x), x);
}

/** `log(sigmoid(x))`, stable. */
export function logSigmoid(x: tf.Tensor): tf.Tensor {
  return ops.softplus(x.neg()).neg();
}

/** `relu6(x + 3) / 6`: a sigmoid of straight lines. */
export function hardSigmoid(x: tf.Tensor): tf.Tensor {
  return ops.relu6(x.add(3)).div(6);
}

/** 0 up to -1, 1 from 1 on, `(x + 1) / 2` between. */
export function sparseSigmoid(x: tf.Tensor): tf.Tensor {
  const middle = x.add(1).mul(0.5);
  const aboveZero = tf.where(
    untracked(() => x.greaterEqual(1)),
    tf.onesLike(x),
    middle,
  );
  return tf.where(
    untracked(() => x.lessEqual(-1)),
    tf.zerosLike(x),
    aboveZero,
  );
}

/**
 * `x * sigmoid(x)`.
 *
 * Source: Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941.
 */
export function silu(x: tf.Tensor): tf.Tensor {
  return x.mul(ops.sigmoid(x));
}

/** Another name of `silu`. */
export function swish(x: tf.Tensor): tf.Tensor {
  return silu(x);
}

/** `x * hardSigmoid(x)`. Source: Howard et al. 2019, https://arxiv.org/abs/1905.02244. */
export function hardSilu(x: tf.Tensor): tf.Tensor {
  return x.mul(hardSigmoid(x));
}

/** Another name of `hardSilu`. */
export function hardSwish(x: tf.Tensor): tf.Tensor {
  return hardSilu(x);
}
