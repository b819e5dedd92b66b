import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import { unknownName } from '../suggest.js';

/** Refuses an option that is not a whole number from `least` on. @throws CnnError INVALID_ARGUMENT */
export function requireCount(argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new CnnError('INVALID_ARGUMENT', `${argument} is not valid`, {
    argument,
    expected: `a whole number from ${least} on`,
    received: String(value),
  });
}

/**
 * Refuses options that nobody reads: in JavaScript a wrong name is otherwise an option left out.
 *
 * @param owner whose they are, for messages: `fit`
 * @param known each name that is read
 * @throws CnnError UNKNOWN_NAME with a suggestion; INVALID_ARGUMENT for options that are no object
 */
export function requireKnown<O extends object>(
  owner: string,
  options: O,
  known: Readonly<Record<keyof O, true>>,
): void {
  if (!isPlain(options)) {
    throw new CnnError('INVALID_ARGUMENT', `${owner}: the options are not valid`, {
      argument: 'options',
      expected: `an object such as { ${Object.keys(known)[0]}: ... }`,
      received: describe(options),
    });
  }
  for (const name of Object.keys(options)) {
    if (!(name in known)) throw unknownName('option', name, Object.keys(known)).within(owner);
  }
}

/** Refuses a word or number that is none of some. @throws CnnError INVALID_ARGUMENT */
export function requireOneOf<T>(argument: string, value: T, choices: readonly T[]): void {
  if (choices.includes(value)) return;
  throw new CnnError('INVALID_ARGUMENT', `${argument} is not valid`, {
    argument,
    expected: choices.join(', '),
    received: describe(value),
  });
}

/** Refuses what is no list, such as one callback or one metric alone. @throws CnnError INVALID_ARGUMENT */
export function requireList(argument: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new CnnError('INVALID_ARGUMENT', `${argument} is not valid`, {
    argument,
    expected: `an array: { ${argument}: [...] }`,
    received: describe(value),
  });
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
