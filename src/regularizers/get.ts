import { type NameIn, resolve, type Serialized } from '../registry.js';
import { classes } from './index.js';
import { Regularizer } from './regularizer.js';

/** A regularizer, its name (`'l2'`), or its config. */
export type RegularizerIdentifier = NameIn<typeof classes> | Regularizer | Serialized;

/** The regularizer that is meant. @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT */
export function getRegularizer(identifier: RegularizerIdentifier): Regularizer {
  return resolve('regularizer', Regularizer, classes, identifier);
}
