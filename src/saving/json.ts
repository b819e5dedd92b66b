import type { Bytes } from './bytes.js';

/** A number that Python is to read as a float, though it be whole: Keras asks for floats in places. */
export class PythonFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** JSON as Python's, whole floats with their `.0`. */
export function writeJson(value: unknown): string {
  if (value instanceof PythonFloat) {
    const text = String(value.value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  if (Array.isArray(value)) return `[${value.map(writeJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${writeJson(member)}`).join(', ')}}`;
}

const MAX_DEPTH = 64;
/** Values at most: each takes up to some dozens of bytes when read, however short it is in the text. */
const MAX_VALUES = 500_000;

/**
 * JSON that nobody vouches for: its depth and number of values are counted before anything is made of it.
 *
 * @throws CnnError FILE_CORRUPT
 */
export function parseJson(bytes: Bytes, maxValues = MAX_VALUES): unknown {
  checkBounds(bytes, maxValues);
  const text = bytes.text(0, bytes.length);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw bytes.corrupt(0, 'JSON', (cause as Error).message);
  }
}

function checkBounds(bytes: Bytes, maxValues: number): void {
  const { data } = bytes;
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let i = 0; i < data.length; i++) {
    const byte = data[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values++;
      if (++depth > MAX_DEPTH) throw bytes.corrupt(i, `JSON of at most ${MAX_DEPTH} levels`, 'more');
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    else if (byte === COMMA && ++values > maxValues) {
      throw bytes.corrupt(i, `JSON of at most ${maxValues} values`, 'more');
    }
  }
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, COMMA] = [...'"\\[]{},'].map(
  (character) => character.charCodeAt(0),
);
