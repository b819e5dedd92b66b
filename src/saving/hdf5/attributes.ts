import type { Bytes } from '../bytes.js';
import type { Hdf5Group } from './tree.js';

/** Texts that one reader makes at most. */
const MAX_TEXTS = 40_000;
/** Bytes of one text in a list. */
const MAX_LENGTH = 4096;
/** Bytes of all texts together. */
const MAX_TEXT_BYTES = 16 * 2 ** 20;
/** Of all heaps together, which may stand in each other. */
const MAX_HEAP_ENTRIES = 200_000;
const FIXED_STRING = 3;
const VARIABLE_LENGTH = 9;
/** Of variable length: a text, not a list. */
const IS_TEXT = 1;
/** What stands for a text of variable length: its length, and its place in a heap. */
const REFERENCE_SIZE = 16;

/** Texts by their number in a global heap, which holds those of variable length. */
type Heap = ReadonlyMap<number, { readonly at: number; readonly size: number }>;

/** Where the parts of an attribute begin. */
interface Attribute {
  readonly type: number;
  readonly space: number;
  readonly values: number;
  /** Where it ends. */
  readonly end: number;
}

/**
 * Reads the attributes of groups that are texts or lists of texts, as h5py writes them: of fixed or of variable length.
 * However often and wherever a file says that its texts stand, no more is made of them than a model has.
 *
 * Source: HDF5 File Format Specification version 3.0, IV.A.2.m and III.E.
 */
export class AttributeReader {
  private readonly bytes: Bytes;
  private readonly heaps = new Map<number, Heap>();
  private heapEntries = 0;
  private textCount = 0;
  private textBytes = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  /**
   * The attribute that is a list of texts. An empty list may be of any type.
   *
   * @returns undefined where there is no attribute of the name
   * @throws CnnError FILE_CORRUPT, UNSUPPORTED for other attributes
   */
  texts(group: Hdf5Group, name: string): string[] | undefined {
    const found = this.find(group, name);
    if (found === undefined) return undefined;
    const count = this.countOf(found.space);
    return count === 0 ? [] : this.values(found, count, MAX_LENGTH);
  }

  /**
   * The attribute that is one text.
   *
   * @returns undefined where there is no attribute of the name
   * @throws CnnError FILE_CORRUPT, UNSUPPORTED for other attributes
   */
  text(group: Hdf5Group, name: string): string | undefined {
    const { bytes } = this;
    const found = this.find(group, name);
    if (found === undefined) return undefined;
    if (bytes.u8(found.space) !== 1 || bytes.u8(found.space + 1) !== 0) {
      throw bytes.unsupported(found.space, 'an attribute that is no single text');
    }
    return this.values(found, 1, MAX_TEXT_BYTES)[0];
  }

  private find({ attributes }: Hdf5Group, name: string): Attribute | undefined {
    const { bytes } = this;
    for (const { at, size } of attributes) {
      if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'an attribute of another version than 1');
      const [nameSize, typeSize, spaceSize] = [bytes.u16(at + 2), bytes.u16(at + 4), bytes.u16(at + 6)];
      // Its name ends with a zero.
      if (bytes.text(at + 8, Math.max(0, nameSize - 1)) !== name) continue;
      const type = at + 8 + padded(nameSize);
      const space = type + padded(typeSize);
      return { type, space, values: space + padded(spaceSize), end: at + size };
    }
    return undefined;
  }

  private values({ type, values, end }: Attribute, count: number, maxLength: number): string[] {
    const { bytes } = this;
    const size = bytes.u32(type + 4);
    const kind = bytes.u8(type) & 15;
    const isFixed = kind === FIXED_STRING;
    if (!isFixed && (kind !== VARIABLE_LENGTH || (bytes.u8(type + 1) & 15) !== IS_TEXT)) {
      throw bytes.unsupported(type, 'an attribute that is no list of texts');
    }
    this.textCount += count;
    if (this.textCount > MAX_TEXTS) throw bytes.corrupt(values, `at most ${MAX_TEXTS} texts in all`, 'more');
    const step = isFixed ? size : REFERENCE_SIZE;
    if (values + count * step > end) {
      throw bytes.corrupt(values, `${count} texts of ${step} bytes`, `the attribute's end at byte ${end}`);
    }
    return Array.from({ length: count }, (_, i) => {
      const at = values + i * step;
      if (isFixed) return this.textAt(at, size, maxLength).replace(/\0+$/, '');
      const entry = this.heapAt(bytes.u64(at + 4)).get(bytes.u32(at + 12));
      const length = bytes.u32(at);
      if (entry === undefined || length > entry.size) {
        throw bytes.corrupt(at, `a text of ${length} bytes`, entry === undefined ? 'none' : `${entry.size}`);
      }
      return this.textAt(entry.at, length, maxLength);
    });
  }

  private textAt(at: number, length: number, maxLength: number): string {
    this.textBytes += length;
    const isTooMuch = this.textBytes > MAX_TEXT_BYTES;
    if (length > maxLength || isTooMuch) {
      const most = isTooMuch ? `texts of ${MAX_TEXT_BYTES} bytes in all` : `a text of ${maxLength} bytes`;
      throw this.bytes.corrupt(at, `${most} at most`, isTooMuch ? 'more' : String(length));
    }
    return this.bytes.text(at, length);
  }

  /** Number of elements of a dataspace of one dimension. */
  private countOf(at: number): number {
    const { bytes } = this;
    if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'a dataspace of another version than 1');
    if (bytes.u8(at + 1) !== 1) throw bytes.unsupported(at, 'an attribute that is no list');
    return bytes.u64(at + 8);
  }

  private heapAt(start: number): Heap {
    const known = this.heaps.get(start);
    if (known !== undefined) return known;
    const { bytes } = this;
    bytes.expect(start, 'GCOL\x01');
    const end = start + bytes.u64(start + 8);
    const entries = new Map<number, { at: number; size: number }>();
    this.heaps.set(start, entries);
    for (let at = start + 16; at + 16 <= end; ) {
      const index = bytes.u16(at);
      // Number 0 is the space that is left.
      if (index === 0) break;
      if (++this.heapEntries > MAX_HEAP_ENTRIES) {
        throw bytes.corrupt(at, `heaps of ${MAX_HEAP_ENTRIES} entries in all`, 'more');
      }
      const size = bytes.u64(at + 8);
      bytes.slice(at + 16, size);
      entries.set(index, { at: at + 16, size });
      at += 16 + padded(size);
    }
    return entries;
  }
}

function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}
