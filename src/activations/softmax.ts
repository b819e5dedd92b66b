import { rememberArgument } from '../ops/argument.js';
import { differentiable } from '../ops/differentiable.js';
import type * as tf from '../tf.js';

/** What functions along an axis take. */
export interface AxisOptions {
  /** Default: the last one. */
  axis?: number;
}

/** `exp(x) / sum(exp(x))` along an axis. A loss that gets the result computes from `x`. */
export function softmax(x: tf.Tensor, { axis = -1 }: AxisOptions = {}): tf.Tensor {
  const isLast = axis === -1 || axis === x.rank - 1;
  return isLast ? rememberArgument('softmax', x.softmax(), x) : alongLast(x, axis, (rows) => rows.softmax());
}

/** `log(softmax(x))`, stable. */
export function logSoftmax(x: tf.Tensor, { axis = -1 }: AxisOptions = {}): tf.Tensor {
  return alongLast(x, axis, (rows) => rows.logSoftmax());
}

/**
 * The nearest point of the simplex: probabilities of which many are exactly 0.
 *
 * Source: Martins and Astudillo 2016, https://arxiv.org/abs/1602.02068.
 */
export function sparsemax(x: tf.Tensor, { axis = -1 }: AxisOptions = {}): tf.Tensor {
  return alongLast(x, axis, (rows) =>
    differentiable({ rows }, () => {
      const size = rows.shape.at(-1)!;
      const sorted = rows.topk(size).values;
      const ranks = Array.from({ length: size }, (_, i) => i + 1);
      const support = sorted
        .sub(
          sorted
            .cumsum(rows.rank - 1)
            .sub(1)
            .div(ranks),
        )
        .greater(0)
        .toFloat();
      const threshold = sorted.mul(support).sum(-1, true).sub(1).div(support.sum(-1, true));
      const value = rows.sub(threshold).relu();
      return {
        value,
        saved: { value },
        gradients: {
          rows: (dy, saved) => {
            const within = saved.value.greater(0).toFloat();
            const mean = dy.mul(within).sum(-1, true).div(within.sum(-1, true));
            return dy.sub(mean).mul(within);
          },
        },
      };
    }),
  );
}

/** Half of the channels, times the sigmoid of the other half. Source: Dauphin et al. 2017, https://arxiv.org/abs/1612.08083. */
export function glu(x: tf.Tensor, { axis = -1 }: AxisOptions = {}): tf.Tensor {
  const [value, gate] = x.split(2, axis);
  return value!.mul(gate!.sigmoid());
}

/** Applies a function of the last axis along another one. */
function alongLast(x: tf.Tensor, axis: number, fn: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === x.rank - 1) return fn(x);
  const order = Array.from({ length: x.rank }, (_, i) => i);
  [order[at], order[x.rank - 1]] = [x.rank - 1, at];
  return fn(x.transpose(order)).transpose(order);
}
