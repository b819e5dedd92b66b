import { CnnError } from '../errors.js';
import { nearest } from '../suggest.js';

/** One option of a command: how it reads on the command line, in the help text, and as a value. */
export interface Option<T> {
  /** What stands for the value in help texts; none for a switch. */
  readonly placeholder?: string;
  readonly description: string;
  /** The value where the option is not given. */
  readonly default?: T;
  /** What happens where the option is not given, for help texts, if no value says it. */
  readonly absent?: string;
  /** Heading in help texts. */
  readonly group?: string;
  /** What `parse` gets where the option is given without a value; if none, a value has to be given. */
  readonly preset?: string;
  /** Options that cannot be given together with it. */
  readonly conflicts?: readonly string[];
  /** For a switch that is on unless `--no-...` is given. */
  readonly isOn?: boolean;
  /** Makes the value of what was typed. @throws CnnError INVALID_ARGUMENT naming the flag */
  parse?(typed: string, flag: string): T;
}

/** The options of a command by the name of their value: `batchSize` is `--batch-size`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command gets: a value for each of its options. */
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** What an option is where it is not given: a value, or undefined with an explanation. */
type Presence<T> = { default: T } | { absent: string };

type Given<T, P> = P extends { default: unknown } ? T : T | undefined;

interface Range {
  readonly min?: number;
  readonly max?: number;
  /** As `min`, but for the bound itself. */
  readonly above?: number;
}

/** `batchSize` to `--batch-size`, `jit` (a switch that is on) to `--no-jit`. */
export function flagOf(key: string, option: Option<unknown>): string {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return option.isOn ? `--no-${words}` : `--${words}`;
}

/** Options that stand under one heading in help texts. */
export function under<O extends Options>(group: string, options: O): O {
  return Object.fromEntries(Object.entries(options).map(([key, option]) => [key, { ...option, group }])) as O;
}

/** A switch: off unless given, and not together with others. */
export function flag(description: string, conflicts: readonly string[] = []): Option<boolean> {
  return { description, default: false, conflicts };
}

/** A switch that is on unless `--no-...` is given; the description says what that does. */
export function onFlag(description: string): Option<boolean> {
  return { description, default: true, isOn: true };
}

/** Any text but an empty one. */
export function text<P extends Presence<string>>(placeholder: string, description: string, presence: P) {
  return option<string, P>(placeholder, description, presence, (typed, flag) => {
    if (typed.trim() !== '') return typed;
    throw wrongValue(flag, placeholder, typed);
  });
}

/** Text that may be left out: the value is empty then. */
export function textOrNone(
  placeholder: string,
  description: string,
  absent: string,
  conflicts: readonly string[],
): Option<string | undefined> {
  return { placeholder, description, absent, preset: '', conflicts, parse: (typed) => typed };
}

/** One of some words. */
export function oneOf<const T extends string, P extends Presence<T>>(
  placeholder: string,
  words: readonly T[],
  description: string,
  presence: P,
) {
  return option<T, P>(placeholder, `${description}: ${words.join(', ')}`, presence, (typed, flag) => {
    const word = words.find((known) => known === typed);
    if (word !== undefined) return word;
    const near = nearest(typed, words);
    throw wrongValue(flag, `one of ${words.join(', ')}`, typed, near && `Did you mean "${near}"?`);
  });
}

/** A number, in decimal or as 1e-3. */
export function real<P extends Presence<number>>(
  placeholder: string,
  description: string,
  range: Range,
  presence: P,
) {
  return option<number, P>(placeholder, description, presence, (typed, flag) =>
    parseNumber(typed, flag, 'a number', range, Number.isFinite),
  );
}

/** A whole number. */
export function whole<P extends Presence<number>>(
  placeholder: string,
  description: string,
  range: Range,
  presence: P,
) {
  return option<number, P>(placeholder, description, presence, (typed, flag) =>
    parseNumber(typed, flag, 'a whole number', range, Number.isSafeInteger),
  );
}

/** A part of something: a fraction below 1, or a number of pieces. */
export function share<P extends Presence<number>>(placeholder: string, description: string, presence: P) {
  const isShare = (value: number) => Number.isSafeInteger(value) || value < 1;
  return option<number, P>(placeholder, description, presence, (typed, flag) =>
    parseNumber(typed, flag, 'a fraction below 1, or a whole number', { min: 0 }, isShare),
  );
}

/** The error for a value that an option cannot have. */
export function wrongValue(flag: string, expected: string, typed: string, hint?: string): CnnError {
  return new CnnError('INVALID_ARGUMENT', `wrong value for ${flag}`, {
    flag,
    expected,
    received: `"${typed}"`,
    hint,
  });
}

function option<T, P extends Presence<T>>(
  placeholder: string,
  description: string,
  presence: P,
  parse: (typed: string, flag: string) => T,
): Option<Given<T, P>> {
  return { placeholder, description, ...presence, parse } as Option<unknown> as Option<Given<T, P>>;
}

function parseNumber(
  typed: string,
  flag: string,
  kind: string,
  { min, max, above }: Range,
  isKind: (value: number) => boolean,
): number {
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  const isInRange =
    value >= (min ?? value) && value <= (max ?? value) && (above === undefined || value > above);
  if (isKind(value) && isInRange) return value;
  let expected = kind;
  if (min !== undefined) expected += max === undefined ? ` from ${min} on` : ` from ${min} to ${max}`;
  if (above !== undefined) expected += ` above ${above}`;
  throw wrongValue(flag, expected, typed);
}
