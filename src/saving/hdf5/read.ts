import type { Bytes } from '../bytes.js';
import { type Extent, readDataset } from './dataset.js';
import { readMessages } from './object-header.js';
import { type Hdf5Dataset, type Hdf5Group, Message } from './tree.js';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Groups and datasets at most: each takes memory, however small it is in the file. */
const MAX_OBJECTS = 20_000;
/** Messages in the headers of all of them, which may share them. */
const MAX_MESSAGES = 200_000;
const MAX_DEPTH = 16;
const MAX_NAME = 1024;
const SYMBOLIC_LINK = 2;

/**
 * Reads an HDF5 file as Keras writes it (h5py's default, the oldest format): groups of hard links, arrays stored in
 * one piece in the file. Everything else is refused, so that opening a file reads that file alone and takes no more
 * memory than it has bytes: links to elsewhere, external and virtual storage, filters, the same object twice, arrays
 * that share bytes.
 *
 * Written by hand, since the HDF5 library (h5wasm) hides whether values stand in the file: for a dataset in external
 * storage it returns whatever was in memory, without an error.
 *
 * Source: HDF5 File Format Specification version 3.0.
 *
 * @returns the root; arrays are views of the bytes
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED, with `file` and `offset`
 */
export function readHdf5(bytes: Bytes): Hdf5Group {
  return new Reader(bytes).read();
}

class Reader {
  private readonly bytes: Bytes;
  /** Addresses of objects and nodes that were read: none is read twice, so there are no cycles. */
  private readonly visited = new Set<number>();
  private readonly extents: Extent[] = [];
  private objects = 0;
  private messages = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  read(): Hdf5Group {
    const { bytes } = this;
    bytes.expect(0, SIGNATURE);
    if (bytes.u8(8) !== 0) throw bytes.unsupported(8, 'a superblock of another version than 0', HINT);
    if (bytes.u8(13) !== 8 || bytes.u8(14) !== 8)
      throw bytes.unsupported(13, 'addresses of another size than 8');
    if (bytes.u64(24) !== 0) throw bytes.unsupported(24, 'another base address than 0');
    if (bytes.u64(40) !== bytes.length) {
      throw bytes.corrupt(40, `the end of the file at byte ${bytes.length}`, String(bytes.u64(40)));
    }
    if (bytes.u32(56 + 16) === SYMBOLIC_LINK) throw bytes.unsupported(56, 'a soft link', HINT);
    const root = this.readObject(bytes.u64(56 + 8), 0);
    if (!('groups' in root)) throw bytes.corrupt(56, 'a group at the root', 'a dataset');
    this.checkExtents();
    return root;
  }

  private readObject(at: number, depth: number): Hdf5Group | Hdf5Dataset {
    this.visit(at);
    if (++this.objects > MAX_OBJECTS) throw this.bytes.corrupt(at, `at most ${MAX_OBJECTS} objects`, 'more');
    if (depth > MAX_DEPTH) throw this.bytes.corrupt(at, `at most ${MAX_DEPTH} groups in each other`, 'more');
    const all = readMessages(this.bytes, at);
    this.messages += all.length;
    if (this.messages > MAX_MESSAGES) {
      throw this.bytes.corrupt(at, `headers of ${MAX_MESSAGES} messages in all`, 'more');
    }
    const attributes = all.filter(({ kind }) => kind === Message.attribute);
    const messages = all.filter(({ kind }) => kind !== Message.attribute);
    const [table] = messages.filter(({ kind }) => kind === Message.symbolTable);
    if (table !== undefined && messages.length === 1) {
      const members = this.readGroup(this.bytes.u64(table.at), this.bytes.u64(table.at + 8), depth);
      return { ...members, attributes };
    }
    if (messages.length === 0) throw this.bytes.corrupt(at, 'a group or a dataset', 'neither');
    const { dataset, extent } = readDataset(this.bytes, messages);
    this.extents.push(extent);
    return dataset;
  }

  private readGroup(tree: number, heap: number, depth: number): Omit<Hdf5Group, 'attributes'> {
    const groups = new Map<string, Hdf5Group>();
    const datasets = new Map<string, Hdf5Dataset>();
    const nameAt = this.readHeap(heap);
    for (const entry of this.entriesOf(tree, 0)) {
      const name = nameAt(this.bytes.u64(entry));
      if (groups.has(name) || datasets.has(name))
        throw this.bytes.corrupt(entry, 'each name once', `"${name}" again`);
      if (this.bytes.u32(entry + 16) === SYMBOLIC_LINK)
        throw this.bytes.unsupported(entry, 'a soft link', HINT);
      const object = this.readObject(this.bytes.u64(entry + 8), depth + 1);
      if ('groups' in object) groups.set(name, object);
      else datasets.set(name, object);
    }
    return { groups, datasets };
  }

  /** Addresses of a group's entries: the leaves of its B-tree (IV: III.A.1), of symbol nodes (III.B). */
  private *entriesOf(at: number, depth: number): Generator<number> {
    const { bytes } = this;
    this.visit(at);
    if (depth > MAX_DEPTH) throw bytes.corrupt(at, `a tree of at most ${MAX_DEPTH} levels`, 'more');
    bytes.expect(at, 'TREE');
    if (bytes.u8(at + 4) !== 0) throw bytes.corrupt(at + 4, 'a tree of names', 'another');
    const level = bytes.u8(at + 5);
    const count = bytes.u16(at + 6);
    for (let i = 0; i < count; i++) {
      const child = bytes.u64(at + 24 + 8 + i * 16);
      if (level > 0) yield* this.entriesOf(child, depth + 1);
      else yield* this.symbolsOf(child);
    }
  }

  private *symbolsOf(at: number): Generator<number> {
    this.visit(at);
    this.bytes.expect(at, 'SNOD\x01');
    const count = this.bytes.u16(at + 6);
    for (let i = 0; i < count; i++) yield at + 8 + i * 40;
  }

  /** A local heap (III.D). @returns what finds a name in it */
  private readHeap(at: number): (offset: number) => string {
    const { bytes } = this;
    this.visit(at);
    bytes.expect(at, 'HEAP\x00');
    const size = bytes.u64(at + 8);
    const start = bytes.u64(at + 24);
    const heap = bytes.slice(start, size);
    return (offset) => {
      if (offset >= size) throw bytes.corrupt(start, `a name below byte ${size} of the heap`, String(offset));
      const length = heap.subarray(offset, offset + MAX_NAME + 1).indexOf(0);
      if (length < 0)
        throw bytes.corrupt(start + offset, `a name of at most ${MAX_NAME} bytes`, 'a longer one');
      const name = bytes.text(start + offset, length);
      if (name === '' || name === '.' || name.includes('/')) {
        throw bytes.corrupt(start + offset, 'a name without "/"', JSON.stringify(name));
      }
      return name;
    };
  }

  private visit(at: number): void {
    if (this.visited.has(at)) throw this.bytes.corrupt(at, 'each object once', 'a second link to it');
    this.visited.add(at);
  }

  /** Arrays must not share bytes: a small file cannot pose as many large arrays. */
  private checkExtents(): void {
    let last = 0;
    for (const { start, end } of this.extents
      .filter((e) => e.end > e.start)
      .sort((a, b) => a.start - b.start)) {
      if (start < last) throw this.bytes.corrupt(start, 'arrays that share no bytes', 'two that do');
      last = end;
    }
  }
}

const HINT = 'Only files as Keras and h5py write them by default are read.';
