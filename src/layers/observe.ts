import type * as tf from '../tf.js';
import type { Layer } from './layer.js';

type Observer = (layer: Layer, output: tf.Tensor) => void;

let current: Observer | undefined;

/** Runs `body`, and tells what each layer that it applies gives. The tensors live as long as `body` lets them. */
export function observeLayers<T>(observer: Observer, body: () => T): T {
  const outer = current;
  current = observer;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** To be told by layers. */
export function noteOutput(layer: Layer, output: tf.Tensor): void {
  current?.(layer, output);
}

/** Whether somebody looks at what layers give: then each is to be applied to the whole batch. */
export function isObserved(): boolean {
  return current !== undefined;
}
