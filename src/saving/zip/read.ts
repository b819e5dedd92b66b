import { inflateRawSync } from 'node:zlib';
import { CnnError } from '../../errors.js';
import { Bytes } from '../bytes.js';
import { crc32 } from './crc32.js';

/** Members at most: a model has three. */
const MAX_MEMBERS = 64;
/** Deflated members may be this many times larger than in the archive, once they are larger than `FREE_SIZE`. */
const MAX_RATIO = 20;
const FREE_SIZE = 1 << 20;
const STORED = 0;
const DEFLATED = 8;
/** Extra fields that would change sizes (zip64), the name (Unicode path) or how bytes are read (encryption). */
const REFUSED_EXTRAS = new Map([
  [0x0001, 'zip64 sizes'],
  [0x7075, 'a second name (Unicode path)'],
  [0x0017, 'strong encryption'],
  [0x9901, 'AES encryption'],
]);

/** A member of an archive; nothing is unpacked until `read`. */
export interface ZipEntry {
  readonly name: string;
  /** Size when unpacked. */
  readonly size: number;
  /** Whether it takes memory to read it, more than it has bytes in the archive. */
  readonly isPacked: boolean;
  /**
   * Its bytes, a view of the archive's where they are stored.
   *
   * @throws CnnError FILE_CORRUPT for more bytes than `maxSize`, before any is unpacked, or a wrong checksum
   */
  read(maxSize?: number): Bytes;
}

interface Header {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly nameBytes: Uint8Array;
}

/**
 * The members of a zip archive, read in the only way in which no two programs can disagree about it: members without
 * gaps from the first byte on, the directory right after them, nothing behind it, both headers of each member equal,
 * no name twice.
 *
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED (zip64, encryption, data descriptors, other methods than store and
 *   deflate) with `file` and `offset`
 */
export function readZip(bytes: Bytes): ReadonlyMap<string, ZipEntry> {
  const end = bytes.length - 22;
  if (end < 0) throw bytes.corrupt(0, 'a zip archive of at least 22 bytes', `${bytes.length} bytes`);
  bytes.expect(0, 'PK\x03\x04');
  bytes.expect(end, 'PK\x05\x06');
  if (bytes.u16(end + 20) !== 0) throw bytes.corrupt(end + 20, 'no comment', 'one');
  if (bytes.u16(end + 4) !== 0 || bytes.u16(end + 6) !== 0) throw bytes.unsupported(end + 4, 'several parts');
  const count = bytes.u16(end + 10);
  const directorySize = bytes.u32(end + 12);
  const directoryOffset = bytes.u32(end + 16);
  if (bytes.u16(end + 8) !== count)
    throw bytes.corrupt(end + 8, `${count} members`, String(bytes.u16(end + 8)));
  if (count > MAX_MEMBERS) throw bytes.corrupt(end + 10, `at most ${MAX_MEMBERS} members`, String(count));
  if (directoryOffset + directorySize !== end) {
    throw bytes.corrupt(
      end + 12,
      `a directory that ends at byte ${end}`,
      `${directoryOffset + directorySize}`,
    );
  }
  const entries = new Map<string, ZipEntry>();
  const extents: { start: number; end: number }[] = [];
  let at = directoryOffset;
  for (let i = 0; i < count; i++) {
    const central = readCentral(bytes, at);
    const name = checkedName(bytes, at, central.header);
    if (entries.has(name)) throw bytes.corrupt(at, 'each name once', `"${name}" again`);
    const dataOffset = checkLocal(bytes, central.offset, central.header, name);
    extents.push({ start: central.offset, end: dataOffset + central.header.packedSize });
    entries.set(name, entryOf(bytes, name, central.header, dataOffset));
    at = central.end;
  }
  if (at !== end) throw bytes.corrupt(at, `the end of the directory at byte ${end}`, `byte ${at}`);
  checkTiling(bytes, extents, directoryOffset);
  return entries;
}

function readCentral(bytes: Bytes, at: number): { header: Header; offset: number; end: number } {
  bytes.expect(at, 'PK\x01\x02');
  const nameLength = bytes.u16(at + 28);
  const extraLength = bytes.u16(at + 30);
  if (bytes.u16(at + 32) !== 0) throw bytes.corrupt(at + 32, 'no comment', 'one');
  if (bytes.u16(at + 34) !== 0) throw bytes.unsupported(at + 34, 'several parts');
  const header = readHeader(bytes, at + 8, at + 46, nameLength);
  checkExtras(bytes, at + 46 + nameLength, extraLength);
  return { header, offset: bytes.u32(at + 42), end: at + 46 + nameLength + extraLength };
}

/** The fields that both headers have, in the same order. */
function readHeader(bytes: Bytes, at: number, nameAt: number, nameLength: number): Header {
  return {
    flags: bytes.u16(at),
    method: bytes.u16(at + 2),
    crc: bytes.u32(at + 8),
    packedSize: bytes.u32(at + 12),
    size: bytes.u32(at + 16),
    nameBytes: bytes.slice(nameAt, nameLength),
  };
}

/** @returns where the member's data begins */
function checkLocal(bytes: Bytes, at: number, central: Header, name: string): number {
  bytes.expect(at, 'PK\x03\x04');
  const nameLength = bytes.u16(at + 26);
  const extraLength = bytes.u16(at + 28);
  const local = readHeader(bytes, at + 6, at + 30, nameLength);
  for (const field of ['flags', 'method', 'crc', 'packedSize', 'size'] as const) {
    if (local[field] === central[field]) continue;
    throw bytes.corrupt(
      at,
      `${field} ${central[field]} of "${name}", as in the directory`,
      String(local[field]),
    );
  }
  if (Buffer.compare(local.nameBytes, central.nameBytes) !== 0) {
    throw bytes.corrupt(at + 30, `the name "${name}", as in the directory`, 'another');
  }
  checkExtras(bytes, at + 30 + nameLength, extraLength);
  return at + 30 + nameLength + extraLength;
}

function checkExtras(bytes: Bytes, start: number, length: number): void {
  const end = start + length;
  let at = start;
  while (at < end) {
    const what = REFUSED_EXTRAS.get(bytes.u16(at));
    if (what !== undefined) throw bytes.unsupported(at, what);
    at += 4 + bytes.u16(at + 2);
  }
  if (at !== end) throw bytes.corrupt(at, `extra fields that end at byte ${end}`, `byte ${at}`);
}

function checkedName(
  bytes: Bytes,
  at: number,
  { flags, method, packedSize, size, nameBytes }: Header,
): string {
  if (flags & 0x2041) throw bytes.unsupported(at, 'encryption');
  if (flags & 0x0008) throw bytes.unsupported(at, 'sizes after the data (data descriptors)');
  if (flags & ~0x0806) throw bytes.unsupported(at, `the flags 0x${flags.toString(16)}`);
  if (method !== STORED && method !== DEFLATED) throw bytes.unsupported(at, `compression method ${method}`);
  if (method === STORED && packedSize !== size) {
    throw bytes.corrupt(at, `a stored size of ${size} bytes`, String(packedSize));
  }
  const name = bytes.text(nameBytes.byteOffset - bytes.data.byteOffset, nameBytes.length);
  const parts = name.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (parts.some((part) => part === '' || part === '.' || part === '..') || /[\x00-\x1f\\:]/.test(name)) {
    throw bytes.corrupt(at, 'a plain relative name', JSON.stringify(name));
  }
  return name;
}

/** Members must follow one another without gap or overlap, the directory after them. */
function checkTiling(bytes: Bytes, extents: { start: number; end: number }[], directory: number): void {
  let expected = 0;
  for (const { start, end } of extents.sort((a, b) => a.start - b.start)) {
    if (start !== expected)
      throw bytes.corrupt(expected, `the next member at byte ${expected}`, `byte ${start}`);
    expected = end;
  }
  if (expected !== directory)
    throw bytes.corrupt(expected, `the directory at byte ${expected}`, `byte ${directory}`);
}

function entryOf(
  bytes: Bytes,
  name: string,
  { method, crc, packedSize, size }: Header,
  at: number,
): ZipEntry {
  const file = `${bytes.file}, ${name}`;
  return {
    name,
    size,
    isPacked: method !== STORED,
    read(maxSize = Number.POSITIVE_INFINITY) {
      if (size > maxSize) throw bytes.corrupt(at, `at most ${maxSize} bytes in ${name}`, String(size));
      if (size > FREE_SIZE && size > MAX_RATIO * packedSize) {
        throw bytes.corrupt(
          at,
          `${name} packed at most ${MAX_RATIO} times`,
          `${size} bytes in ${packedSize}`,
        );
      }
      const packed = bytes.slice(at, packedSize);
      const data = method === STORED ? packed : inflate(file, packed, size);
      if (crc32(data) !== crc)
        throw new Bytes(file, data).corrupt(0, 'bytes of the right checksum', 'others');
      return new Bytes(file, data);
    },
  };
}

function inflate(file: string, packed: Uint8Array, size: number): Uint8Array {
  const failure = (received: string, cause?: unknown) =>
    new CnnError('FILE_CORRUPT', `${file} cannot be unpacked`, {
      expected: `${size} bytes`,
      received,
      file,
      ...(cause === undefined ? {} : { cause }),
    });
  let result: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // At least 1, since 0 is refused; a byte too many is found below.
    const options = { maxOutputLength: Math.max(1, size), info: true } as const;
    result = inflateRawSync(packed, options) as unknown as typeof result;
  } catch (cause) {
    throw failure((cause as Error).message, cause);
  }
  if (result.buffer.length !== size) throw failure(`${result.buffer.length} bytes`);
  if (result.engine.bytesWritten !== packed.length) throw failure('more data behind them');
  return result.buffer;
}
