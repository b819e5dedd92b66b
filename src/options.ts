import { CnnError } from './errors.js';
import { unknownName } from './suggest.js';

/** How one option is read from what a user, or a file, gives; and written back into a config. */
export interface OptionKind<T> {
  /** What is accepted, in words: `'a positive whole number'`. */
  readonly expected: string;
  /**
   * The value as its owner keeps it. Gets undefined where the option is left out.
   *
   * @param refuse to be called for anything that is not accepted
   */
  read(value: unknown, refuse: () => never): T;
  /** The value as plain JSON. */
  write(value: T): unknown;
}

/** The options of a class, by name. */
export type Schema = Readonly<Record<string, OptionKind<unknown>>>;

/** A schema with a kind for each option of an interface; `Base` has those that are read elsewhere. */
export type SchemaOf<Options, Base = unknown> = {
  readonly [K in Exclude<keyof Options, keyof Base>]-?: OptionKind<unknown>;
};

/** What options become when read. */
export type OptionValues<S> = {
  readonly [K in keyof S]: S[K] extends { read(value: unknown, refuse: () => never): infer T } ? T : never;
};

/**
 * Reads options: defaults filled in, everything checked.
 *
 * @param owner whose they are, for messages: `layer "dense_1" (Dense)`
 * @param alsoKnown names that are read elsewhere
 * @throws CnnError UNKNOWN_NAME for an option that does not exist, with a suggestion; INVALID_ARGUMENT
 */
export function readOptions<S extends Schema>(
  owner: string,
  schema: S,
  given: object,
  alsoKnown: readonly string[] = [],
): OptionValues<S> {
  const known = [...Object.keys(schema), ...alsoKnown];
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknownName('option', name, known).within(owner);
  }
  const values: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(schema)) {
    const value = (given as Record<string, unknown>)[name];
    const refuse = (): never => {
      throw new CnnError('INVALID_ARGUMENT', `${owner}: ${name} is not valid`, {
        argument: name,
        expected: kind.expected,
        received: describe(value),
      });
    };
    try {
      values[name] = kind.read(value, refuse);
    } catch (error) {
      const isNamed = error instanceof CnnError && error.details.argument === name;
      throw error instanceof CnnError && !isNamed ? error.within(`${owner}: ${name}`) : error;
    }
  }
  return values as OptionValues<S>;
}

/** The options as plain JSON, from which `readOptions` makes equal ones. */
export function writeOptions<S extends Schema>(schema: S, values: OptionValues<S>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).map(([name, kind]) => [name, kind.write(values[name] as never)]),
  );
}

/** What is made from options and can be made again from its config. */
export abstract class Configured<S extends Schema = Schema> {
  /** Its options, with their defaults. */
  readonly options: OptionValues<S>;
  private readonly schema: S;

  /** Takes what `readOptions` does. @throws CnnError UNKNOWN_NAME, INVALID_ARGUMENT */
  protected constructor(owner: string, schema: S, given: object, alsoKnown: readonly string[] = []) {
    this.schema = schema;
    this.options = readOptions(owner, schema, given, alsoKnown);
  }

  /** The options from which an equal one can be made: plain JSON. */
  getConfig(): Record<string, unknown> {
    return writeOptions(this.schema, this.options);
  }
}

/** A value in words, for messages. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A bigint within, or an object in itself.
    return Object.prototype.toString.call(value);
  }
}

function same<T>(value: T): T {
  return value;
}

/** An option that is kept as it is given. */
function plain<T>(expected: string, accepts: (value: unknown) => value is T): OptionKind<T> {
  return { expected, read: (value, refuse) => (accepts(value) ? value : refuse()), write: same };
}

/** The option, or a value where it is left out. */
export function orElse<T>(kind: OptionKind<T>, value: T): OptionKind<T> {
  return { ...kind, read: (given, refuse) => (given === undefined ? value : kind.read(given, refuse)) };
}

/** The option, or undefined where it is left out or null. */
export function optional<T>(kind: OptionKind<T>): OptionKind<T | undefined> {
  return {
    expected: `${kind.expected}, or nothing`,
    read: (given, refuse) => (given === undefined || given === null ? undefined : kind.read(given, refuse)),
    write: (value) => (value === undefined ? null : kind.write(value)),
  };
}

export const flag = plain('true or false', (v): v is boolean => typeof v === 'boolean');

/** A name, as in saved models: paths of weights are made of them. */
export const label = plain(
  'a word without "/"',
  (v): v is string => typeof v === 'string' && v !== '' && !v.includes('/'),
);

/** A finite number that passes a test; `expected` says the test in words. */
export function number(expected = 'a number', accepts: (value: number) => boolean = () => true) {
  return plain(expected, (v): v is number => Number.isFinite(v) && accepts(v as number));
}

/** A whole number, of `minimum` at the least. */
export function wholeNumber(minimum: number): OptionKind<number> {
  const expected = minimum === 1 ? 'a positive whole number' : `a whole number, ${minimum} or more`;
  return number(expected, (v) => Number.isInteger(v) && v >= minimum);
}

/** One of some words. */
export function oneOf<T extends string>(...words: readonly T[]): OptionKind<T> {
  const expected = words.map((word) => `"${word}"`).join(' or ');
  return plain(expected, (v): v is T => words.includes(v as T));
}

/** A seed of random numbers; undefined where one is to be drawn. */
export const seed = optional(
  number('a whole number from 0 to 2147483647', (v) => Number.isInteger(v) && v >= 0 && v < 2 ** 31),
);
