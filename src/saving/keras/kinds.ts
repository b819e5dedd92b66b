import { functions } from '../../activations/index.js';
import { shortestFloat32 } from '../../float32.js';
import { PythonFloat } from '../json.js';
import type { Place } from './place.js';

/** How one argument stands in Keras's config and in ours. */
export interface Kind {
  /** Keras's name, where it is not ours in snake case. */
  readonly kerasName?: string;
  /** From Keras's config. Undefined leaves it out. @throws CnnError FILE_CORRUPT, UNSUPPORTED */
  read(value: unknown, place: Place): unknown;
  /** Into Keras's config. Undefined leaves it out. @throws CnnError UNSUPPORTED */
  write(value: unknown, place: Place): unknown;
}

const MAX_TEXT = 1024;
const MAX_LIST = 4096;

function plain(expected: string, accepts: (value: unknown) => boolean): Kind {
  return {
    read(value, place) {
      if (!accepts(value)) throw place.corrupt(expected, value);
      return value;
    },
    write: (value) => value,
  };
}

export const flag = plain('true or false', (v) => typeof v === 'boolean');
/** A float in Python. */
export const number: Kind = {
  ...plain('a number', Number.isFinite),
  write(value, place) {
    if (!Number.isFinite(value)) throw place.unsupported('a finite number', value);
    return new PythonFloat(value as number);
  },
};
export const whole = plain('a whole number', Number.isSafeInteger);
export const text = plain('a short text', isText);
/** A number or a list of numbers, or of lists of two: sizes, strides, paddings. */
export const sizes = plain(
  'a whole number, or a list of them',
  (v) =>
    Number.isSafeInteger(v) || isList(v, (w) => Number.isSafeInteger(w) || isList(w, Number.isSafeInteger)),
);
/** A size along the one axis that there is; Keras writes it as a list. */
export const single: Kind = {
  read(value, place) {
    const [size, ...more] = Array.isArray(value) ? value : [value];
    if (more.length > 0) throw place.corrupt('a whole number', value);
    return whole.read(size, place);
  },
  write: (value) => value,
};
/** A shape; null for a size that varies. */
export const shape = plain('a shape', (v) =>
  isList(v, (size) => size === null || Number.isSafeInteger(size)),
);

export const numbers = plain('a list of numbers', (v) => isList(v, Number.isFinite));

/** The same under another name in Keras. */
export function as(kerasName: string, kind: Kind): Kind {
  return { ...kind, kerasName };
}

/** One that may be null, which says the same as nothing. */
export function nullable(kind: Kind): Kind {
  return {
    ...kind,
    read: (value, place) => (value === null ? undefined : kind.read(value, place)),
    write: (value, place) => (value === null || value === undefined ? undefined : kind.write(value, place)),
  };
}

/** One that Keras does not have: not written, and refused unless it is one of `values` (none given: whatever it is). */
export function onlyOurs(...values: readonly unknown[]): Kind {
  return {
    read(value, place) {
      throw place.unsupported('no such argument', value);
    },
    write(value, place) {
      if (values.length > 0 && !values.includes(value))
        throw place.unsupported(values.map(String).join(' or '), value);
      return undefined;
    },
  };
}

/** One of some words, in our spelling: `'fanIn'` for Keras's `fan_in`. */
export function word(...words: readonly string[]): Kind {
  return {
    read(value, place) {
      const found = words.find((each) => toSnake(each) === value);
      if (found === undefined)
        throw place.unsupported(words.map((each) => `"${toSnake(each)}"`).join(' or '), value);
      return found;
    },
    write(value, place) {
      if (!words.includes(value as string))
        throw place.unsupported(words.map((each) => `"${each}"`).join(' or '), value);
      return toSnake(value as string);
    },
  };
}

/** The name of an activation; Keras writes a function of its own as an object with that name. */
export const activation: Kind = {
  read(value, place) {
    const name = functionName(value) ?? value;
    if (name === null) return undefined;
    if (!isText(name)) throw place.unsupported('the name of an activation', value);
    return name;
  },
  write(value, place) {
    if (Object.hasOwn(functions, value as string)) return toSnake(value as string);
    throw place.unsupported(
      'an activation of this package, by name',
      value,
      'Files hold no code: save the weights, or use a known activation.',
    );
  },
};

/** The name of a function of Keras's, as its serialization writes one. */
export function functionName(value: unknown): string | undefined {
  if (!isObject(value) || value.module !== 'builtins' || value.class_name !== 'function') return undefined;
  return isText(value.config) ? value.config : undefined;
}

/** A rate that Keras kept as a float32. */
export const rate: Kind = {
  ...number,
  read: (value, place) => shortestFloat32(number.read(value, place) as number),
};

/** camelCase to Keras's snake_case: `useBias` to `use_bias`. */
export function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** A JSON object; not an array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isList(value: unknown, accepts: (element: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.length <= MAX_LIST && value.every(accepts);
}
