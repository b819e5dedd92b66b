import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** A program header of a 64-bit little-endian ELF file: a part of the file that the loader looks at. */
interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly fileSize: number;
}

const PT_LOAD = 1;
const PT_INTERP = 3;

/** The segments that the first bytes of a file declare, or undefined where it is not ELF64 little-endian. */
function segmentsOf(head: Buffer): Segment[] | undefined {
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1)
    return undefined;
  const table = Number(head.readBigUInt64LE(0x20));
  const entrySize = head.readUInt16LE(0x36);
  const count = head.readUInt16LE(0x38);
  if (entrySize < 56 || table + count * entrySize > head.length) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = table + i * entrySize;
    return {
      type: head.readUInt32LE(at),
      offset: Number(head.readBigUInt64LE(at + 0x08)),
      fileSize: Number(head.readBigUInt64LE(at + 0x20)),
    };
  });
}

/** The dynamic loader that an executable names (`/lib64/ld-linux-x86-64.so.2`), or undefined if it names none. */
export function elfInterpreter(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    const segment = segmentsOf(head.subarray(0, readSync(file, head, 0, head.length, 0)))?.find(
      (s) => s.type === PT_INTERP,
    );
    if (segment === undefined || segment.fileSize > 4096) return undefined;
    const name = Buffer.alloc(segment.fileSize);
    readSync(file, name, 0, name.length, segment.offset);
    return name.toString('latin1').replace(/\0.*$/s, '');
  } finally {
    closeSync(file);
  }
}

/**
 * Cuts what follows the last segment that the loader maps: the section table and the symbols for debuggers,
 * a quarter of libtensorflow's bytes. The dynamic symbols lie inside a segment and stay. Does nothing to a file
 * that is not ELF64 (macOS libraries are signed, and left untouched).
 *
 * @returns the bytes saved
 */
export async function trimElf(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const segments = segmentsOf(head.subarray(0, bytesRead));
    const { size } = await file.stat();
    const end = Math.max(0, ...(segments ?? []).map((s) => (s.type === PT_LOAD ? s.offset + s.fileSize : 0)));
    if (end === 0 || end >= size) return 0;
    // The header must not point at the section table any more: offset, number of entries, index of their names.
    await file.write(Buffer.alloc(8), 0, 8, 0x28);
    await file.write(Buffer.alloc(4), 0, 4, 0x3c);
    await file.truncate(end);
    return size - end;
  } finally {
    await file.close();
  }
}
