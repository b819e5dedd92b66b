import { type Activation, activationName, getActivation } from '../activations/get.js';
import { linear } from '../activations/linear.js';
import { getInitializer } from '../initializers/get.js';
import type { Initializer } from '../initializers/initializer.js';
import { type OptionKind, optional } from '../options.js';
import { serialize } from '../registry.js';
import { getRegularizer } from '../regularizers/get.js';
import type { Regularizer } from '../regularizers/regularizer.js';

/** The name of an activation or a function; by default the identity. */
export const activation: OptionKind<Activation> = {
  expected: 'the name of an activation, or a function of a tensor',
  read(value, refuse) {
    if (value === undefined || value === null) return linear;
    return typeof value === 'string' || typeof value === 'function'
      ? getActivation(value as Activation)
      : refuse();
  },
  write: activationName,
};

/** An initializer, its name or config; `otherwise` names the default. */
export function initializer(otherwise: string): OptionKind<Initializer> {
  return {
    expected: 'an initializer, or the name of one',
    read: (value) => getInitializer((value ?? otherwise) as Initializer),
    write: serialize,
  };
}

/** A regularizer, its name or config; by default none. */
export const regularizer = optional<Regularizer>({
  expected: 'a regularizer, or the name of one',
  read: (value) => getRegularizer(value as string),
  write: serialize,
});
