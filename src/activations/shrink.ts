import { untracked } from '../ops/differentiable.js';
import * as tf from '../tf.js';

/** What `hardShrink` and `softShrink` take. */
export interface ShrinkOptions {
  /** Absolute value up to which the output is 0. Default: 0.5. */
  threshold?: number;
}

/** `x` drawn towards 0 by the threshold; 0 within it. */
export function softShrink(x: tf.Tensor, { threshold: limit = 0.5 }: ShrinkOptions = {}): tf.Tensor {
  const below = tf.where(
    untracked(() => x.less(-limit)),
    x.add(limit),
    tf.zerosLike(x),
  );
  return tf.where(
    untracked(() => x.greater(limit)),
    x.sub(limit),
    below,
  );
}

/** `x` where further from 0 than the threshold, else 0. */
export function hardShrink(x: tf.Tensor, { threshold: limit = 0.5 }: ShrinkOptions = {}): tf.Tensor {
  return tf.where(
    untracked(() => x.abs().greater(limit)),
    x,
    tf.zerosLike(x),
  );
}

/** `x` above the threshold, else the default value. */
export function threshold(
  x: tf.Tensor,
  { threshold: limit = 0, defaultValue = 0 }: { threshold?: number; defaultValue?: number } = {},
): tf.Tensor {
  return tf.where(
    untracked(() => x.greater(limit)),
    x,
    tf.fill(x.shape, defaultValue),
  );
}
