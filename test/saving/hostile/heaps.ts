// Small HDF5 files that make much of themselves: what is in them once is said to be in thousands of places.
import { writeHdf5 } from '../../../src/saving/hdf5/write.js';

/** Names in a list at most: what one message of a header holds. */
const NAMES = 4000;
const GROUPS = 10_000;
const MESSAGES = 250;
/** Entries that one heap can number. */
const ENTRIES = 65_000;
const PLACE = 'x';

const JOINED = 'y'.repeat(16);

/** A file whose list of layers is of texts of variable length, to be found in heaps that are appended. */
function withNames(
  heaps: Buffer,
  nameAt: (i: number) => { length: number; heap: number; entry: number },
): Buffer {
  const attributes = { layer_names: PLACE.repeat(24 + NAMES * 16) };
  const structure = Buffer.concat(writeHdf5({ attributes }));
  const bytes = Buffer.concat([structure, heaps]);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 40);
  const text = bytes.indexOf(PLACE.repeat(100));
  // Before the text stand its type (8 bytes) and its shape (8), which becomes a longer one of one dimension.
  const [type, space] = [text - 16, text - 8];
  const message = bytes.lastIndexOf('layer_names', text) - 8;
  bytes.writeUInt16LE(24, message + 6);
  bytes.set([0x19, 0x01], type);
  bytes.writeUInt8(1, space + 1);
  bytes.writeBigUInt64LE(BigInt(NAMES), space + 8);
  for (let i = 0; i < NAMES; i++) {
    const { length, heap, entry } = nameAt(i);
    const at = space + 24 + i * 16;
    bytes.writeUInt32LE(length, at);
    bytes.writeBigUInt64LE(BigInt(structure.length + heap), at + 4);
    bytes.writeUInt32LE(entry, at + 12);
  }
  return bytes;
}

function heapHead(bytes: Buffer, at: number, size: number): void {
  bytes.write('GCOL\x01', at);
  bytes.writeBigUInt64LE(BigInt(size), at + 8);
}

function heapEntry(bytes: Buffer, at: number, number: number, size: number): void {
  bytes.writeUInt16LE(number, at);
  bytes.writeBigUInt64LE(BigInt(size), at + 8);
}

/** Thousands of heaps, each of which goes on with the same 65,000 entries: 2 MB that would make 250,000,000. */
export function sharedHeaps(): Uint8Array {
  const shared = NAMES * 32;
  const heaps = Buffer.alloc(shared + ENTRIES * 16);
  for (let i = 0; i < NAMES; i++) {
    heapHead(heaps, i * 32, heaps.length - i * 32);
    heapEntry(heaps, i * 32 + 16, ENTRIES + 1, shared - i * 32 - 32);
  }
  for (let i = 0; i < ENTRIES; i++) heapEntry(heaps, shared + i * 16, i + 1, 0);
  return withNames(heaps, (i) => ({ length: 0, heap: i * 32, entry: 1 }));
}

/** One text of 4,096 bytes, of which each name is one. */
export function repeatedText(): Uint8Array {
  const heaps = Buffer.alloc(32 + 4096 + 16, 0);
  heaps.fill('a', 32);
  heapHead(heaps, 0, heaps.length);
  heapEntry(heaps, 16, 1, 4096);
  heaps.fill(0, 32 + 4096);
  return withNames(heaps, () => ({ length: 4096, heap: 0, entry: 1 }));
}

/** Groups whose headers all go on with the same messages: 1 MB that would make 2,500,000. */
export function sharedMessages(): Uint8Array {
  const group = { attributes: { a: JOINED } };
  const groups = new Map(Array.from({ length: GROUPS }, (_, i) => [String(i), group]));
  const structure = Buffer.concat(writeHdf5({ groups }));
  const shared = Buffer.alloc(MESSAGES * 16);
  for (let i = 0; i < MESSAGES; i++) shared.set([0x0c, 0, 8, 0], i * 16);
  const bytes = Buffer.concat([structure, shared]);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 40);
  for (let at = bytes.indexOf(JOINED); at >= 0; at = bytes.indexOf(JOINED, at)) {
    // Before the text stand its shape, its type, the name, four sizes, and the head of the message.
    const message = at - 8 - 8 - 8 - 8 - 8;
    bytes.writeUInt16LE(0x10, message);
    bytes.writeBigUInt64LE(BigInt(structure.length), message + 8);
    bytes.writeBigUInt64LE(BigInt(shared.length), message + 16);
    // Before the message stand that of the group, and the head of all.
    bytes.writeUInt16LE(MESSAGES + 2, message - 24 - 16 + 2);
    bytes.fill(0, at, at + JOINED.length);
  }
  return bytes;
}
