import { CnnError } from '../../errors.js';
import { crc32 } from './crc32.js';

/** A member to be written; its bytes in pieces, so that large ones need not be joined. */
export interface ZipMember {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
}

/** 1980-01-01, as Keras writes: the same model is the same bytes. */
const DATE = 0x21;
const MAX_SIZE = 0xffffffff;

/**
 * A zip archive of stored (uncompressed) members, as Keras writes them, piece by piece.
 *
 * @throws CnnError UNSUPPORTED beyond 4 GiB
 */
export function* writeZip(members: readonly ZipMember[]): Generator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, chunks } of members) {
    const size = totalLength(chunks);
    const fields = fieldsOf(name, chunks, size);
    directory.push(centralHeader(fields, offset));
    const header = localHeader(fields);
    offset += header.length + size;
    if (offset > MAX_SIZE) {
      throw new CnnError('UNSUPPORTED', 'the archive would be larger than 4 GiB', {
        expected: `at most ${MAX_SIZE} bytes`,
        received: String(offset),
      });
    }
    yield header;
    yield* chunks;
  }
  yield* directory;
  yield endOfDirectory(members.length, totalLength(directory), offset);
}

interface Fields {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
}

function fieldsOf(name: string, chunks: readonly Uint8Array[], size: number): Fields {
  let crc = 0;
  for (const chunk of chunks) crc = crc32(chunk, crc);
  return { name: new TextEncoder().encode(name), crc, size };
}

function localHeader({ name, crc, size }: Fields): Uint8Array {
  const bytes = new Uint8Array(30 + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, 20, true);
  view.setUint16(12, DATE, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, size, true);
  view.setUint32(22, size, true);
  view.setUint16(26, name.length, true);
  bytes.set(name, 30);
  return bytes;
}

function centralHeader({ name, crc, size }: Fields, offset: number): Uint8Array {
  const bytes = new Uint8Array(46 + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02014b50, true);
  // Made by version 2.0 on Unix, whose permissions stand below: read and write for the owner.
  view.setUint16(4, (3 << 8) | 20, true);
  view.setUint16(6, 20, true);
  view.setUint16(14, DATE, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, size, true);
  view.setUint32(24, size, true);
  view.setUint16(28, name.length, true);
  view.setUint32(38, 0o600 << 16, true);
  view.setUint32(42, offset, true);
  bytes.set(name, 46);
  return bytes;
}

function endOfDirectory(members: number, size: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(22);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, members, true);
  view.setUint16(10, members, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return bytes;
}

function totalLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
