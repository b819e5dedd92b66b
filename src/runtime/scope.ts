import { native } from './native.js';
import { toNodeName } from './node-name.js';

/**
 * Runs `body`; the ops that it records while jit traces are named by the scope, `dense/MatMul_3`, and by the scopes
 * around it. TensorBoard draws the ops of a scope as one box.
 */
export function inScope<T>(name: string, body: () => T): T {
  const trace = native()?.binding.trace;
  return trace === undefined ? body() : trace.withScope((scope) => `${scope}${toNodeName(name)}/`, body);
}

/** Runs `body` as if in no scope. */
export function outOfScopes<T>(body: () => T): T {
  const trace = native()?.binding.trace;
  return trace === undefined ? body() : trace.withScope(() => '', body);
}

/**
 * @returns a function that runs another one in the scopes in which this was called, within those that are open then. So
 *   the gradients of a layer's ops are named after the layer: `gradients/dense/MatMul_7`.
 */
export function rememberScope(): <T>(body: () => T) => T {
  let own = '';
  native()?.binding.trace?.withScope(
    (scope) => {
      own = scope;
      return scope;
    },
    () => {},
  );
  return (body) => {
    const trace = own === '' ? undefined : native()?.binding.trace;
    return trace === undefined ? body() : trace.withScope((scope) => scope + own, body);
  };
}
