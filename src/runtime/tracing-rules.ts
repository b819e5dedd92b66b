import { CnnError } from '../errors.js';
import * as tf from '../tf.js';

const useVariable =
  'Use a Variable of this package, made before: new Variable(initial), then read(), assign() and assignAdd().';

/** The error for a variable of tfjs, whose value would be a constant of the compiled function. */
export function tfVariableRefused(what: string): CnnError {
  return new CnnError('UNSUPPORTED', `a tf.Variable was ${what} while jit traces`, { hint: useVariable });
}

function randomRefused(): never {
  throw new CnnError('TRACE_READ', 'a random number was drawn in JavaScript while jit traces', {
    hint: 'It would be the same at every call. Use a SeedGenerator of this package: uniform(shape), normal(shape) ...',
  });
}

/** An object whose method is another one while a function is traced. */
type Replacement = readonly [owner: object, name: string, method: (...args: never[]) => unknown];

/**
 * What tfjs does in JavaScript happens once, while tracing, and never again: a random number would be the same at every
 * call, a variable of tfjs would keep its first value. So such things are refused, where they are asked for. The
 * promised values of a tensor are read at once, so that the refusal comes before the promise and not after the trace.
 */
const replacements: readonly Replacement[] = [
  [Math, 'random', randomRefused],
  [
    tf.engine(),
    'makeVariable',
    () => {
      throw tfVariableRefused('made');
    },
  ],
  [
    tf.Variable.prototype,
    'assign',
    function (this: tf.Variable) {
      throw tfVariableRefused(`assigned ("${this.name}")`);
    },
  ],
  [
    tf.Tensor.prototype,
    'data',
    function (this: tf.Tensor) {
      return Promise.resolve(this.dataSync());
    },
  ],
  [
    tf.Tensor.prototype,
    'array',
    function (this: tf.Tensor) {
      return Promise.resolve(this.arraySync());
    },
  ],
];

/** Runs `body` with what tracing refuses refused. */
export function underTracingRules<T>(body: () => T): T {
  const originals = replacements.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  for (const [owner, name, value] of replacements) {
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  }
  try {
    return body();
  } finally {
    for (const [i, [owner, name]] of replacements.entries()) {
      const original = originals[i];
      if (original === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, original);
    }
  }
}
