import { canonical } from '../registry.js';
import { unknownName } from '../suggest.js';
import type * as tf from '../tf.js';
import { functions } from './index.js';

/** An elementwise function, or one of a row, after a layer's products. */
export type Activation = (x: tf.Tensor) => tf.Tensor;

/** The name of an activation (`'relu'`, `'hardSigmoid'`, `'hard_sigmoid'`), or a function of a tensor. */
export type ActivationIdentifier = keyof typeof functions | (string & {}) | Activation;

/** The function that is meant. @throws CnnError UNKNOWN_NAME with a suggestion */
export function getActivation(identifier: ActivationIdentifier): Activation {
  if (typeof identifier === 'function') return identifier;
  const wanted = canonical(identifier);
  const found = Object.entries(functions).find(([name]) => canonical(name) === wanted);
  if (found === undefined) throw unknownName('activation', identifier, Object.keys(functions));
  return found[1];
}

/** The name by which a config knows a function. */
export function activationName(activation: Activation): string {
  return Object.entries(functions).find(([, fn]) => fn === activation)?.[0] ?? activation.name;
}

const OF_ROWS: readonly Activation[] = [
  functions.softmax,
  functions.logSoftmax,
  functions.sparsemax,
  functions.glu,
];

/** Whether it is known to look at each number alone. */
export function isElementwise(activation: Activation): boolean {
  return Object.values(functions).includes(activation) && !OF_ROWS.includes(activation);
}
