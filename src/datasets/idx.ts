import { constants } from 'node:buffer';
import { endianness } from 'node:os';
import { CnnError } from '../errors.js';
import { type ByteSource, corruptFile, readBytes } from './bytes.js';

/** The six element types of the IDX format, by the code in the third byte of a file. */
const TYPES = {
  8: { type: 'uint8', bytes: 1, array: Uint8Array },
  9: { type: 'int8', bytes: 1, array: Int8Array },
  11: { type: 'int16', bytes: 2, array: Int16Array },
  12: { type: 'int32', bytes: 4, array: Int32Array },
  13: { type: 'float32', bytes: 4, array: Float32Array },
  14: { type: 'float64', bytes: 8, array: Float64Array },
} as const;

type TypeCode = keyof typeof TYPES;
/** Types of elements that IDX files have. */
export type IdxType = (typeof TYPES)[TypeCode]['type'];

/** What an IDX file holds. */
export interface IdxArray {
  /** The type of its elements. */
  readonly type: IdxType;
  /** Sizes of the dimensions, the number of samples first. */
  readonly shape: readonly number[];
  /** The values in C order, in the machine's own byte order. */
  readonly data: InstanceType<(typeof TYPES)[TypeCode]['array']>;
}

/** What a file must be; anything else is refused before its values are read. */
export interface IdxExpectation {
  /** The type of its elements. */
  readonly type: IdxType;
  /** Shape of one sample, that is, of all dimensions but the first. */
  readonly sample: readonly number[];
}

/**
 * Reads an IDX file, the format of the MNIST files: two zero bytes, a type, the number of dimensions, their sizes as
 * 32-bit numbers, then the values, all big-endian. Gzipped where its name ends with `.gz`. Memory for the values is
 * taken only once the size of the file agrees with what its header says.
 *
 * @param expectation type and sample shape that the caller needs
 * @returns the values, their type and shape
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`, or `FILE_CORRUPT` with `file`, `offset` (in bytes, of the
 *   uncompressed data except where the gzip data itself is damaged), `expected` and `received`
 * @see http://yann.lecun.com/exdb/mnist/, "The IDX file format"
 * @example const { shape, data } = await readIdx('train-images-idx3-ubyte.gz'); // [60000, 28, 28], Uint8Array
 */
export function readIdx(file: string, expectation?: IdxExpectation): Promise<IdxArray> {
  return readBytes(file, (source) => parseIdx(source, expectation));
}

/** The IDX array in a source of bytes. @throws CnnError as {@link readIdx} */
export async function parseIdx(source: ByteSource, expectation?: IdxExpectation): Promise<IdxArray> {
  let start = Buffer.alloc(0);
  let header: IdxHeader | undefined;
  let bytes = new Uint8Array(0);
  let filled = 0;
  for await (const chunk of source.chunks) {
    let values = chunk;
    if (header === undefined) {
      start = Buffer.concat([start, chunk]);
      header = parseHeader(source, start, expectation);
      if (header === undefined) continue;
      bytes = new Uint8Array(header.byteLength);
      values = start.subarray(header.size);
    }
    // Here and below the file changed since its size was taken, or is gzipped in several parts.
    if (filled + values.length > bytes.length) throw wrongLength(source.file, header, 'more');
    bytes.set(values, filled);
    filled += values.length;
    if (source.fill === undefined) continue;
    filled += await source.fill(bytes.subarray(filled), header.size + filled);
    if (filled > bytes.length) throw wrongLength(source.file, header, 'more');
    break;
  }
  if (header === undefined) {
    throw corruptFile(
      source.file,
      start.length,
      'an IDX header of 4 bytes and 4 for each dimension',
      `${start.length} bytes`,
    );
  }
  if (filled < bytes.length) throw wrongLength(source.file, header, String(header.size + filled));
  return decode(header, bytes);
}

/** The bytes before the values of a uint8 file. */
export function idxHeader(shape: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return header;
}

interface IdxHeader {
  code: TypeCode;
  shape: number[];
  /** Bytes before the values. */
  size: number;
  /** Bytes of the values. */
  byteLength: number;
}

/** The header, checked against the file and the expectation, or undefined where it is not all there yet. */
function parseHeader(source: ByteSource, start: Buffer, expectation?: IdxExpectation): IdxHeader | undefined {
  if (start.length < 4) return undefined;
  if (start[0] !== 0 || start[1] !== 0) {
    throw corruptFile(
      source.file,
      0,
      'an IDX file, which begins with bytes 00 00',
      start.toString('hex', 0, 2),
    );
  }
  const code = start[2]!;
  if (!isTypeCode(code) || (expectation !== undefined && TYPES[code].type !== expectation.type)) {
    const known = Object.entries(TYPES).map(([key, { type }]) => `${hex(Number(key))} (${type})`);
    const expected = expectation === undefined ? `one of ${known.join(', ')}` : expectation.type;
    throw corruptFile(source.file, 2, `type ${expected}`, isTypeCode(code) ? TYPES[code].type : hex(code));
  }
  const rank = start[3]!;
  const wantedRank = expectation === undefined ? undefined : 1 + expectation.sample.length;
  if (rank === 0 || (wantedRank !== undefined && rank !== wantedRank)) {
    throw corruptFile(source.file, 3, `${wantedRank ?? 'at least 1'} dimensions`, String(rank));
  }
  const size = 4 + 4 * rank;
  if (start.length < size) return undefined;
  const shape = Array.from({ length: rank }, (_, i) => start.readUInt32BE(4 + 4 * i));
  for (const [i, length] of shape.entries()) {
    const wanted = i === 0 ? undefined : expectation?.sample[i - 1];
    if (length === 0 || (wanted !== undefined && length !== wanted)) {
      throw corruptFile(
        source.file,
        4 + 4 * i,
        `dimension ${i} to be ${wanted ?? 'at least 1'}`,
        String(length),
      );
    }
  }
  const byteLength = shape.reduce((product, length) => product * length, TYPES[code].bytes);
  source.checkSize(size + byteLength, `as its header says (${shape.join(' x ')} values)`);
  if (byteLength > constants.MAX_LENGTH) {
    throw new CnnError('UNSUPPORTED', `${source.file} is too large`, {
      expected: `at most ${constants.MAX_LENGTH} bytes of values`,
      received: String(byteLength),
      file: source.file,
    });
  }
  return { code, shape, size, byteLength };
}

function isTypeCode(code: number): code is TypeCode {
  return code in TYPES;
}

function decode({ code, shape }: IdxHeader, bytes: Uint8Array<ArrayBuffer>): IdxArray {
  const { type, array, bytes: width } = TYPES[code];
  const view = Buffer.from(bytes.buffer);
  if (endianness() === 'LE') {
    if (width === 2) view.swap16();
    else if (width === 4) view.swap32();
    else if (width === 8) view.swap64();
  }
  return { type, shape, data: new array(bytes.buffer) };
}

function wrongLength(file: string, { size, byteLength }: IdxHeader, received: string): CnnError {
  return corruptFile(file, size + byteLength, `${size + byteLength} bytes, as its header says`, received);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
