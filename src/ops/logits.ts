import * as tf from '../tf.js';

/** What softmax and sigmoid were applied to, by their results. */
const remembered = new WeakMap<tf.Tensor, { readonly of: Link; readonly logits: tf.Tensor }>();

/** A function from logits to probabilities. */
export type Link = 'softmax' | 'sigmoid';

/** Notes that `probabilities` are the softmax, or the sigmoid, of `logits`. */
export function rememberLogits(of: Link, probabilities: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  remembered.set(probabilities, { of, logits });
  return probabilities;
}

/**
 * The logits from which probabilities were just computed: losses are stable, and cheaper, when computed from them.
 * Undefined where the tensor was made otherwise, or its logits are gone.
 */
export function logitsOf(of: Link, probabilities: tf.Tensor): tf.Tensor | undefined {
  const entry = remembered.get(probabilities);
  return entry?.of === of && !entry.logits.isDisposed ? entry.logits : undefined;
}

/** As tf.tidy; but where the result is of softmax or sigmoid, its logits go on living in the enclosing tidy. */
export function tidyWithLogits(fn: () => tf.Tensor): tf.Tensor {
  const hasEnclosing = tf.engine().state.activeScope !== null;
  return tf.tidy(() => {
    const result = fn();
    const logits = remembered.get(result)?.logits;
    return hasEnclosing && logits?.isDisposed === false ? [result, logits] : [result];
  })[0]!;
}

/** Tensors one below the other, along the first axis; with logits where all of them are of the same kind. */
export function concatRows(parts: readonly tf.Tensor[]): tf.Tensor {
  const whole = tf.concat([...parts], 0);
  const [first, ...others] = parts.map((part) => remembered.get(part));
  if (first === undefined || others.some((entry) => entry?.of !== first.of)) return whole;
  const logits = [first, ...others].map((entry) => entry!.logits);
  return rememberLogits(first.of, whole, tf.concat(logits, 0));
}
