import type { Bytes } from '../../saving/bytes.js';
import type { Span } from './record.js';

/** Bytes of a number of 64 bits. */
const MAX_VARINT = 10;

/** A field of a protocol buffer's message. */
export interface ReadField {
  readonly number: number;
  /** A whole number, a double or a float; where they stand, for bytes, a text, or a message within. */
  readonly value: number | Span;
}

/** The fields of a message, in their order. @throws CnnError FILE_CORRUPT */
export function* readFields(bytes: Bytes, { start, end }: Span): Generator<ReadField> {
  let at = start;
  const take = (length: number) => {
    if (at + length > end) throw bytes.corrupt(at, `${length} bytes`, `the message's end at byte ${end}`);
    at += length;
    return at - length;
  };
  /** Seven bits a byte, the lowest first; not exact beyond 2^53. */
  const varint = () => {
    let value = 0;
    for (let i = 0; i < MAX_VARINT; i++) {
      const byte = bytes.u8(take(1));
      value += (byte & 127) * 128 ** i;
      if (byte < 128) return value;
    }
    throw bytes.corrupt(at, `a number of at most ${MAX_VARINT} bytes`, 'more');
  };
  while (at < end) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: bytes.f64(take(8)) };
        break;
      case 2: {
        const length = varint();
        const from = take(length);
        yield { number, value: { start: from, end: from + length } };
        break;
      }
      case 5:
        yield { number, value: bytes.f32(take(4)) };
        break;
      default:
        throw bytes.corrupt(at, 'a field of type 0, 1, 2 or 5', String(key % 8));
    }
  }
}

/** The last value of each field of a message, which is the one that counts. */
export function lastFields(bytes: Bytes, message: Span): ReadonlyMap<number, number | Span> {
  const fields = new Map<number, number | Span>();
  for (const { number, value } of readFields(bytes, message)) fields.set(number, value);
  return fields;
}
