import { CnnError } from '../errors.js';
import type { VariableGradient } from '../optimizers/optimizer.js';
import { inScope, outOfScopes } from '../runtime/scope.js';
import { type Variable, withValues } from '../runtime/variable.js';
import * as tf from '../tf.js';

/**
 * A scalar and its gradients with respect to variables, which `forward` reads. Traced.
 *
 * @returns gradients in the order of the variables, each in as many parts as the variable has
 * @throws CnnError INVALID_ARGUMENT for a variable that the scalar does not depend on
 */
export function gradientsOf(
  variables: readonly Variable[],
  forward: () => tf.Tensor,
): { value: tf.Tensor; gradients: VariableGradient[] } {
  const parts = variables.flatMap((variable) => variable.parts);
  // Read once, in the scope of its layer: dense/kernel.
  const values = parts.map((variable) => inScope(variable.path.split('/')[0]!, () => variable.read()));
  // A model of layers without weights can be fitted, in vain.
  if (values.length === 0) return { value: forward(), gradients: [] };
  const forwardPass = () => outOfScopes(() => withValues(parts, values, forward) as tf.Scalar);
  const { value, grads } = inScope('gradients', () =>
    tf.engine().gradients(forwardPass, values, undefined as never, true),
  );
  let at = 0;
  const gradientOf = ({ name, parts: { length } }: Variable) => {
    const gradient = grads.slice(at, at + length);
    at += length;
    if (gradient.every((part) => part !== undefined && part !== null)) return gradient;
    throw new CnnError('INVALID_ARGUMENT', `the loss does not depend on "${name}"`, {
      variable: name,
      hint: 'Use the weight in the layer, or make it with trainable: false.',
    });
  };
  return { value, gradients: variables.map(gradientOf) };
}

/** A gradient in one tensor. */
export function wholeGradient(parts: VariableGradient): tf.Tensor {
  return parts.length === 1 ? parts[0]! : tf.concat([...parts], -1);
}
