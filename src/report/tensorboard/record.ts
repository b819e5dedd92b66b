import type { Bytes } from '../../saving/bytes.js';
import { crc32c } from '../crc.js';

/** Bytes from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Length and its checksum, before the data. */
const HEAD = 12;
/** The checksum of the data, behind it. */
const TAIL = 4;

/** TensorFlow's record: length, its checksum, data, its checksum. */
export function record(data: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(HEAD + data.length + TAIL);
  framed.writeBigUInt64LE(BigInt(data.length), 0);
  framed.writeUInt32LE(maskedChecksum(framed.subarray(0, 8)), 8);
  framed.set(data, HEAD);
  framed.writeUInt32LE(maskedChecksum(data), HEAD + data.length);
  return framed;
}

/**
 * The data of the records of a file. A last record that is not all there ends them: so a file looks that is still being
 * written, or whose writer was killed.
 *
 * @throws CnnError FILE_CORRUPT for a wrong checksum
 */
export function* records(bytes: Bytes): Generator<Span> {
  for (let at = 0; at + HEAD <= bytes.length; ) {
    check(bytes, at, 8, 'a length');
    const start = at + HEAD;
    const end = start + bytes.u64(at);
    if (end + TAIL > bytes.length) return;
    check(bytes, start, end - start, 'data');
    yield { start, end };
    at = end + TAIL;
  }
}

/** Where the last whole record ends. @throws CnnError FILE_CORRUPT for a wrong checksum */
export function wholeLength(bytes: Bytes): number {
  let length = 0;
  for (const { end } of records(bytes)) length = end + TAIL;
  return length;
}

function check(bytes: Bytes, at: number, length: number, what: string): void {
  if (bytes.u32(at + length) === maskedChecksum(bytes.slice(at, length))) return;
  throw bytes.corrupt(at, `${what} of the checksum behind it`, 'other bytes');
}

/** Masked, since a checksum over data that hold checksums is weak. */
function maskedChecksum(data: Uint8Array): number {
  const sum = crc32c(data);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
