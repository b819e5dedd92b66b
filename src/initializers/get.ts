import { type NameIn, resolve, type Serialized } from '../registry.js';
import { classes } from './index.js';
import { Initializer } from './initializer.js';

/** An initializer, its name (`'glorotUniform'`, `'he_normal'`), or its config. */
export type InitializerIdentifier = NameIn<typeof classes> | Initializer | Serialized;

/** The initializer that is meant. @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT */
export function getInitializer(identifier: InitializerIdentifier): Initializer {
  return resolve('initializer', Initializer, classes, identifier);
}
