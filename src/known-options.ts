import { CnnError } from './errors.js';
import { describe } from './options.js';
import { unknownName } from './suggest.js';

/**
 * Refuses options that something just made has not read: in JavaScript a misspelt one is otherwise one left out, and
 * nobody learns that `adam({ lr: 0.1 })` learns at 0.001. What it has read is in its config.
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion; INVALID_ARGUMENT for options that are no object
 */
export function withKnownOptions<T extends { getConfig(): Record<string, unknown> }>(
  made: T,
  options: object | undefined,
): T {
  if (options === undefined) return made;
  const known = Object.keys(made.getConfig());
  const owner = made.constructor.name;
  if (typeof options !== 'object' || options === null) {
    throw new CnnError('INVALID_ARGUMENT', `${owner}: the options are not valid`, {
      argument: 'options',
      expected: `an object with one of ${known.join(', ')}`,
      received: describe(options),
    });
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== null && !known.includes(name)) {
      throw unknownName('option', name, known).within(owner);
    }
  }
  return made;
}
