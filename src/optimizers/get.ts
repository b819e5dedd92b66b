import { type NameIn, resolve, type Serialized } from '../registry.js';
import { classes } from './index.js';
import { Optimizer } from './optimizer.js';

/** An optimizer, its name, or its config. */
export type OptimizerIdentifier = NameIn<typeof classes> | Optimizer | Serialized;

/**
 * The optimizer that an option means. Names are those of the classes, in any spelling: `'adam'`, `'SGD'`, `'rmsprop'`.
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT
 */
export function getOptimizer(identifier: OptimizerIdentifier): Optimizer {
  return resolve('optimizer', Optimizer, classes, identifier);
}
