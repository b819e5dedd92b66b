import type * as tf from '../tf.js';

/** Gives a weight its first value instead of its initializer. To be disposed of by who asked. */
export type WeightSource = (name: string, shape: readonly number[]) => tf.Tensor;

let current: WeightSource | undefined;

/** While `body` runs, layers that are built take their weights from `source`, in the order in which they make them. */
export function withWeightSource<T>(source: WeightSource, body: () => T): T {
  const outer = current;
  current = source;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** The source that `withWeightSource` set, if any. */
export function weightSource(): WeightSource | undefined {
  return current;
}
