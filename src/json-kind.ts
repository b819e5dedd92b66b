import { CnnError } from './errors.js';

/** Tells whether a value of plain JSON is of a kind. */
export type JsonKind<T> = (value: unknown) => value is T;

/** Any number, also one that is not finite. */
export const anyNumber: JsonKind<number> = (value) => typeof value === 'number';
/** A whole number from 0 on. */
export const count: JsonKind<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
export const text: JsonKind<string> = (value) => typeof value === 'string';
/** A value or nothing, which JSON leaves out. */
export const optional =
  <T>(kind: JsonKind<T>): JsonKind<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || kind(value);
export const nullable =
  <T>(kind: JsonKind<T>): JsonKind<T | null> =>
  (value): value is T | null =>
    value === null || kind(value);
export const listOf =
  <T>(kind: JsonKind<T>): JsonKind<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(kind);
/** An object whose values are all of one kind, by any names. */
export const recordOf =
  <T>(kind: JsonKind<T>): JsonKind<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isObject(value) && Object.values(value).every(kind);
/** An object with these members, and maybe others. */
export const object =
  <T extends object>(members: { readonly [K in keyof T]: JsonKind<T[K]> }): JsonKind<T> =>
  (value): value is T =>
    isObject(value) &&
    Object.entries(members).every(([name, kind]) => (kind as JsonKind<unknown>)(own(value, name)));
export const anyObject = recordOf((_value): _value is unknown => true);

/**
 * A value from a file that nobody vouches for, once it is of the kind that it must be.
 *
 * @param what names it: `'the state of EarlyStopping'`
 * @throws CnnError FILE_CORRUPT
 */
export function checkKind<T>(what: string, value: unknown, kind: JsonKind<T>): T {
  if (kind(value)) return value;
  const shown = JSON.stringify(value) ?? String(value);
  throw new CnnError('FILE_CORRUPT', `${what} is not as it is written`, {
    expected: 'what this version writes',
    received: shown.length > 100 ? `${shown.slice(0, 100)}...` : shown,
    hint: 'Train anew, or bring back the file as it was.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
