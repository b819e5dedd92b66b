import * as tf from '../tf.js';
import { differentiable } from './differentiable.js';

/** What softmax, sigmoid and ReLU were applied to, by their results. */
const remembered = new WeakMap<tf.Tensor, { readonly of: Activation; readonly argument: tf.Tensor }>();

/** An activation after which something is computed better from what went into it. */
export type Activation = 'softmax' | 'sigmoid' | 'relu';

/** Notes that `result` is the softmax, the sigmoid or the ReLU of `argument`. */
export function rememberArgument(of: Activation, result: tf.Tensor, argument: tf.Tensor): tf.Tensor {
  remembered.set(result, { of, argument });
  return result;
}

/**
 * What an activation was just applied to: losses are stable, and cheaper, when computed from logits, and a maximum is
 * taken of fewer numbers before ReLU than after. Undefined where the tensor was made otherwise, or its argument is gone.
 */
export function argumentOf(of: Activation, result: tf.Tensor): tf.Tensor | undefined {
  const entry = remembered.get(result);
  return entry?.of === of && !entry.argument.isDisposed ? entry.argument : undefined;
}

/** As tf.tidy; but where the result is of an activation, its argument goes on living in the enclosing tidy. */
export function tidyWithArgument(fn: () => tf.Tensor): tf.Tensor {
  const hasEnclosing = tf.engine().state.activeScope !== null;
  return tf.tidy(() => {
    const result = fn();
    const argument = remembered.get(result)?.argument;
    return hasEnclosing && argument?.isDisposed === false ? [result, argument] : [result];
  })[0]!;
}

/** Tensors one below the other, along the first axis; with what went into them, where that is of the same kind. */
export function concatRows(parts: readonly tf.Tensor[]): tf.Tensor {
  return concatWithArguments(parts, (tensors) => tf.concat([...tensors], 0));
}

/** Matrices side by side; with what went into them, where that is of the same kind. */
export function concatColumns(parts: readonly tf.Tensor[]): tf.Tensor {
  return concatWithArguments(parts, sideBySide);
}

function concatWithArguments(
  parts: readonly tf.Tensor[],
  concat: (tensors: readonly tf.Tensor[]) => tf.Tensor,
): tf.Tensor {
  if (parts.length === 1) return parts[0]!;
  const whole = concat(parts);
  const [first, ...others] = parts.map((part) => remembered.get(part));
  if (first === undefined || others.some((entry) => entry?.of !== first.of)) return whole;
  return rememberArgument(first.of, whole, concat([first, ...others].map((entry) => entry!.argument)));
}

/** The gradient of each by a slice of its own: TensorFlow's op that splits at once takes several times as long. */
function sideBySide(parts: readonly tf.Tensor[]): tf.Tensor {
  const named = Object.fromEntries(parts.map((part, i) => [i, part]));
  let start = 0;
  const gradients = parts.map(({ shape }) => {
    const [from, [rows, columns]] = [start, shape as [number, number]];
    start += columns;
    return (dy: tf.Tensor) => dy.slice([0, from], [rows, columns]);
  });
  return differentiable(named, () => ({
    value: tf.concat([...parts], 1),
    saved: {},
    gradients: Object.fromEntries(gradients.map((gradient, i) => [i, gradient])),
  }));
}
