import { untracked } from '../ops/differentiable.js';
import * as ops from '../ops/elementwise.js';
import * as tf from '../tf.js';

/** `log(1 + exp(x))`. */
export function softplus(x: tf.Tensor): tf.Tensor {
  return ops.softplus(x);
}

/** `x / (1 + |x|)`. */
export function softsign(x: tf.Tensor): tf.Tensor {
  return ops.softsign(x);
}

/** `(x + sqrt(x^2 + b)) / 2`; b is 4 by default. Source: Barron 2021, https://arxiv.org/abs/2112.11687. */
export function squareplus(x: tf.Tensor, { b = 4 }: { b?: number } = {}): tf.Tensor {
  return x.add(x.square().add(b).sqrt()).div(2);
}

/** 0 up to -1, `x` from 1 on, `(x + 1)^2 / 4` between. */
export function sparsePlus(x: tf.Tensor): tf.Tensor {
  const middle = x.add(1).square().mul(0.25);
  const positive = tf.where(
    untracked(() => x.less(1)),
    middle,
    x,
  );
  return tf.where(
    untracked(() => x.lessEqual(-1)),
    tf.zerosLike(x),
    positive,
  );
}

/** `x * tanh(softplus(x))`. Source: Misra 2019, https://arxiv.org/abs/1908.08681. */
export function mish(x: tf.Tensor): tf.Tensor {
  return x.mul(ops.tanh(ops.softplus(x)));
}
