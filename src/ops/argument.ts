import * as tf from '../tf.js';

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
  const whole = tf.concat([...parts], 0);
  const [first, ...others] = parts.map((part) => remembered.get(part));
  if (first === undefined || others.some((entry) => entry?.of !== first.of)) return whole;
  const all = [first, ...others].map((entry) => entry!.argument);
  return rememberArgument(first.of, whole, tf.concat(all, 0));
}
