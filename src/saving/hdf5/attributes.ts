import type { Bytes } from '../bytes.js';
import type { Hdf5Group } from './tree.js';

const MAX_TEXTS = 20_000;
const MAX_LENGTH = 4096;
/** Of an attribute that is one text. */
const MAX_TEXT_LENGTH = 16 * 2 ** 20;
const FIXED_STRING = 3;
const VARIABLE_LENGTH = 9;
/** Of variable length: a text, not a list. */
const IS_TEXT = 1;

/** Texts by their number in a global heap, which holds those of variable length. */
type Heap = ReadonlyMap<number, { readonly at: number; readonly size: number }>;

/**
 * The attribute of a group that is a list of texts, as h5py writes lists of names: of fixed or of variable length. An
 * empty list may be of any type.
 *
 * Source: HDF5 File Format Specification version 3.0, IV.A.2.m and III.E.
 *
 * @returns undefined where there is no attribute of the name
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED for other attributes
 */
export function readTexts(bytes: Bytes, group: Hdf5Group, name: string): string[] | undefined {
  const found = find(bytes, group, name);
  if (found === undefined) return undefined;
  const count = readCount(bytes, found.space);
  return count === 0 ? [] : readValues(bytes, found, count, MAX_LENGTH);
}

/**
 * The attribute of a group that is one text, as h5py writes it.
 *
 * @returns undefined where there is no attribute of the name
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED for other attributes
 */
export function readText(bytes: Bytes, group: Hdf5Group, name: string): string | undefined {
  const found = find(bytes, group, name);
  if (found === undefined) return undefined;
  if (bytes.u8(found.space) !== 1 || bytes.u8(found.space + 1) !== 0) {
    throw bytes.unsupported(found.space, 'an attribute that is no single text');
  }
  return readValues(bytes, found, 1, MAX_TEXT_LENGTH)[0];
}

/** Where the parts of an attribute begin. */
interface Attribute {
  readonly type: number;
  readonly space: number;
  readonly values: number;
}

function find(bytes: Bytes, { attributes }: Hdf5Group, name: string): Attribute | undefined {
  for (const { at } of attributes) {
    if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'an attribute of another version than 1');
    const [nameSize, typeSize, spaceSize] = [bytes.u16(at + 2), bytes.u16(at + 4), bytes.u16(at + 6)];
    // Its name ends with a zero.
    if (bytes.text(at + 8, Math.max(0, nameSize - 1)) !== name) continue;
    const type = at + 8 + padded(nameSize);
    const space = type + padded(typeSize);
    return { type, space, values: space + padded(spaceSize) };
  }
  return undefined;
}

function readValues(bytes: Bytes, { type, values }: Attribute, count: number, maxLength: number): string[] {
  const size = bytes.u32(type + 4);
  const kind = bytes.u8(type) & 15;
  if (kind === FIXED_STRING) {
    if (size > maxLength) throw bytes.corrupt(type + 4, `texts of at most ${maxLength} bytes`, String(size));
    return Array.from({ length: count }, (_, i) => bytes.text(values + i * size, size).replace(/\0+$/, ''));
  }
  if (kind !== VARIABLE_LENGTH || (bytes.u8(type + 1) & 15) !== IS_TEXT) {
    throw bytes.unsupported(type, 'an attribute that is no list of texts');
  }
  const heaps = new Map<number, Heap>();
  return Array.from({ length: count }, (_, i) => {
    const at = values + i * 16;
    const address = bytes.u64(at + 4);
    if (!heaps.has(address)) heaps.set(address, readHeap(bytes, address));
    const entry = heaps.get(address)!.get(bytes.u32(at + 12));
    const length = bytes.u32(at);
    if (entry === undefined || length > entry.size || length > maxLength) {
      throw bytes.corrupt(
        at,
        `a text of at most ${maxLength} bytes`,
        entry === undefined ? 'none' : String(length),
      );
    }
    return bytes.text(entry.at, length);
  });
}

/** Number of elements of a dataspace of one dimension. */
function readCount(bytes: Bytes, at: number): number {
  if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'a dataspace of another version than 1');
  if (bytes.u8(at + 1) !== 1) throw bytes.unsupported(at, 'an attribute that is no list');
  const count = bytes.u64(at + 8);
  if (count > MAX_TEXTS) throw bytes.corrupt(at + 8, `at most ${MAX_TEXTS} texts`, String(count));
  return count;
}

function readHeap(bytes: Bytes, start: number): Heap {
  bytes.expect(start, 'GCOL\x01');
  const end = start + bytes.u64(start + 8);
  const entries = new Map<number, { at: number; size: number }>();
  for (let at = start + 16; at + 16 <= end; ) {
    const index = bytes.u16(at);
    // Number 0 is the space that is left.
    if (index === 0) break;
    const size = bytes.u64(at + 8);
    bytes.slice(at + 16, size);
    entries.set(index, { at: at + 16, size });
    at += 16 + padded(size);
  }
  return entries;
}

function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}
