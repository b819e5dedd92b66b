import { CnnError } from '../errors.js';
import { inScope, outOfScopes } from '../runtime/scope.js';
import { type Variable, withValues } from '../runtime/variable.js';
import * as tf from '../tf.js';

/**
 * A scalar and its gradients with respect to variables, which `forward` reads. Traced.
 *
 * @returns gradients in the order of the variables
 * @throws CnnError INVALID_ARGUMENT for a variable that the scalar does not depend on
 */
export function gradientsOf(
  variables: readonly Variable[],
  forward: () => tf.Tensor,
): { value: tf.Tensor; gradients: tf.Tensor[] } {
  // Read once, in the scope of its layer: dense/kernel.
  const values = variables.map((variable) => inScope(variable.path.split('/')[0]!, () => variable.read()));
  // A model of layers without weights can be fitted, in vain.
  if (values.length === 0) return { value: forward(), gradients: [] };
  const forwardPass = () => outOfScopes(() => withValues(variables, values, forward) as tf.Scalar);
  const { value, grads } = inScope('gradients', () =>
    tf.engine().gradients(forwardPass, values, undefined as never, true),
  );
  const gradients = grads.map((gradient, i) => {
    if (gradient !== undefined && gradient !== null) return gradient;
    throw new CnnError('INVALID_ARGUMENT', `the loss does not depend on "${variables[i]!.name}"`, {
      variable: variables[i]!.name,
      hint: 'Use the weight in the layer, or make it with trainable: false.',
    });
  });
  return { value, gradients };
}
