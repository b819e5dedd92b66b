import { corruptFile } from '../datasets/bytes.js';
import { CnnError } from '../errors.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Little-endian bytes of a file that nobody vouches for: every read is checked against the end. */
export class Bytes {
  /** What the errors call it: `'a.keras, model.weights.h5'`. */
  readonly file: string;
  readonly data: Uint8Array;
  private readonly view: DataView;

  constructor(file: string, data: Uint8Array) {
    this.file = file;
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get length(): number {
    return this.data.length;
  }

  u8(at: number): number {
    this.check(at, 1);
    return this.view.getUint8(at);
  }

  u16(at: number): number {
    this.check(at, 2);
    return this.view.getUint16(at, true);
  }

  u32(at: number): number {
    this.check(at, 4);
    return this.view.getUint32(at, true);
  }

  /** A 64-bit size or address; none beyond 2^53 is ever right. */
  u64(at: number): number {
    const value = this.u32(at) + this.u32(at + 4) * 2 ** 32;
    if (Number.isSafeInteger(value)) return value;
    throw this.corrupt(at, 'a number below 2^53', 'a greater one');
  }

  f32(at: number): number {
    this.check(at, 4);
    return this.view.getFloat32(at, true);
  }

  f64(at: number): number {
    this.check(at, 8);
    return this.view.getFloat64(at, true);
  }

  /** A view, not a copy. */
  slice(at: number, length: number): Uint8Array {
    this.check(at, length);
    return this.data.subarray(at, at + length);
  }

  /** Bytes as text. @throws CnnError FILE_CORRUPT unless they are UTF-8 */
  text(at: number, length: number): string {
    try {
      return decoder.decode(this.slice(at, length));
    } catch (error) {
      if (error instanceof CnnError) throw error;
      throw this.corrupt(at, 'text in UTF-8', 'other bytes');
    }
  }

  /** @throws CnnError FILE_CORRUPT unless these ASCII characters stand there */
  expect(at: number, signature: string): void {
    const found = this.slice(at, signature.length);
    if ([...signature].every((character, i) => character.charCodeAt(0) === found[i])) return;
    const shown = (bytes: Iterable<number>) =>
      [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw this.corrupt(at, shown([...signature].map((character) => character.charCodeAt(0))), shown(found));
  }

  /** The error for bytes that are not as they should be. */
  corrupt(at: number, expected: string, received: string): CnnError {
    return corruptFile(this.file, at, expected, received);
  }

  /** The error for something that is allowed in the format, and that we don't take. */
  unsupported(at: number, what: string, hint?: string): CnnError {
    return new CnnError('UNSUPPORTED', `${this.file} has ${what}, at byte ${at}`, {
      file: this.file,
      offset: at,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  private check(at: number, length: number): void {
    if (at >= 0 && length >= 0 && at + length <= this.data.length) return;
    throw this.corrupt(at, `${length} bytes`, `the end of the file at byte ${this.data.length}`);
  }
}
