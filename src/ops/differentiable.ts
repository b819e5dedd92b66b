import { native } from '../runtime/native.js';
import * as tf from '../tf.js';

/**
 * Whether ops may use their fused native kernels. tfjs's tape does not see into those, so a gradient of a gradient
 * needs the composed forms, as every backend but libtensorflow does.
 */
export function canFuse(): boolean {
  return native() !== undefined && tf.engine().state.gradientDepth < 2;
}

type Gradient<S extends string, R> = (dy: tf.Tensor, saved: Record<S, tf.Tensor>) => R;

/** What the forward pass of an op gives: its value, what the gradients need of it, and the gradients. */
interface Forward<N extends string, S extends string, V extends tf.Tensor | tf.Tensor[]> {
  value: V;
  /** Tensors to live until the gradients have been computed. */
  saved: Record<S, tf.Tensor>;
  /**
   * The gradient of each input, by functions that are called only where it is needed; or one function of all, where
   * one kernel computes them. `dy` is the gradient of the value (of its first tensor). A result has to be a tensor
   * of its own: `dy.clone()`, not `dy`.
   */
  gradients: Record<N, Gradient<S, tf.Tensor>> | Gradient<S, Record<N, tf.Tensor>>;
}

/** The part of tfjs's engine that its `customGrad` rests on. That one computes gradients that nobody asked for. */
interface Engine {
  runKernelFunc<V>(kernel: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): V;
    backwardsFunc(dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
  }): V;
}

/**
 * An op with a gradient of its own: tfjs's tape records it as one.
 *
 * @param inputs what it is differentiated by
 * @param forward computes the value; the tape does not look inside
 * @example
 * const y = differentiable({ x }, () => {
 *   const value = nativeOp('Relu', [x])[0]!;
 *   return { value, saved: { value }, gradients: { x: (dy, { value }) => nativeOp('ReluGrad', [dy, value])[0]! } };
 * });
 */
export function differentiable<
  N extends string,
  S extends string,
  V extends tf.Tensor | tf.Tensor[] = tf.Tensor,
>(inputs: Record<N, tf.Tensor>, forward: () => Forward<N, S, V>): V {
  let gradients: Forward<N, S, V>['gradients'];
  let names: S[];
  return (tf.engine() as unknown as Engine).runKernelFunc({
    inputs,
    forwardFunc(_backend, save) {
      const result = forward();
      names = Object.keys(result.saved) as S[];
      save(Object.values(result.saved));
      gradients = result.gradients;
      return result.value;
    },
    backwardsFunc(dy, saved) {
      const first = Array.isArray(dy) ? dy[0]! : dy;
      const byName = Object.fromEntries(names.map((name, i) => [name, saved[i]])) as Record<S, tf.Tensor>;
      if (typeof gradients === 'function') {
        const all = Object.entries<tf.Tensor>(gradients(first, byName));
        return Object.fromEntries(all.map(([name, gradient]) => [name, () => gradient]));
      }
      const each = Object.entries<Gradient<S, tf.Tensor>>(gradients);
      return Object.fromEntries(each.map(([name, gradient]) => [name, () => gradient(first, byName)]));
    },
  });
}

/** Computes something that has no gradient, or is to have none: masks, comparisons, statistics. */
export function untracked(compute: () => tf.Tensor): tf.Tensor {
  return differentiable({}, () => ({ value: compute(), saved: {}, gradients: {} }));
}
