import type { Layer } from '../../src/layers/layer.js';
import type { Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';

/** While `body` runs, variables read as the given tensors: so that gradients are taken with respect to them. */
export function withValues<T>(variables: readonly Variable[], bound: tf.Tensor[], body: () => T): T {
  const [first, ...rest] = variables;
  if (first === undefined) return body();
  return first.withValue(bound[0]!, () => withValues(rest, bound.slice(1), body));
}

/** A function for the output of a layer, then the gradients of sum(y * dy) by the input and each trainable weight. */
export function withGradients(layer: Layer, training: boolean) {
  return (x: tf.Tensor, dy: tf.Tensor): tf.Tensor[] =>
    tf.tidy(() => {
      const kernels = layer.trainableWeights.map((weight) => weight.read());
      const forward = (input: tf.Tensor, ...bound: tf.Tensor[]) =>
        withValues(layer.trainableWeights, bound, () =>
          // Zero times the input: where a layer takes indices, their gradient is 0, not none.
          layer.apply(input, { training }).add(input.toFloat().sum().mul(0)),
        );
      const { value, grads } = tf.valueAndGrads(forward)([x, ...kernels], dy);
      return [value, ...grads];
    });
}
