import { ENCODINGS, type Hdf5Dataset, Message } from './tree.js';

/** A group to be written. */
export interface GroupContent {
  readonly groups?: ReadonlyMap<string, GroupContent>;
  readonly datasets?: ReadonlyMap<string, Hdf5Dataset>;
  /** Its attributes, texts all. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Children of a tree node at most, and entries of a symbol node at least: the format's usual sizes. */
const TREE_CHILDREN = 32;
const NODE_ENTRIES = 8;
const UNDEFINED = 0xffffffffffffffffn;
const SUPERBLOCK = 96;

/**
 * An HDF5 file in h5py's default format, the oldest one, which every HDF5 program reads.
 *
 * @returns its bytes in pieces: the structure, then the arrays themselves, not copied
 */
export function writeHdf5(root: GroupContent): Uint8Array[] {
  return new Writer(largestGroup(root)).write(root);
}

function largestGroup({ groups = new Map(), datasets = new Map() }: GroupContent): number {
  return Math.max(groups.size + datasets.size, ...[...groups.values()].map(largestGroup));
}

class Writer {
  /** Entries of each symbol node, the same in the whole file, so that one tree node is enough for each group. */
  private readonly nodeEntries: number;
  private readonly pieces: { at: number; bytes: Uint8Array }[] = [];
  private readonly arrays: Hdf5Dataset[] = [];
  /** Places of the arrays' addresses, known once the structure's size is. */
  private readonly pending: DataView[] = [];
  private length = SUPERBLOCK;

  constructor(largest: number) {
    this.nodeEntries = Math.max(NODE_ENTRIES, 2 * Math.ceil(largest / TREE_CHILDREN / 2));
  }

  write(root: GroupContent): Uint8Array[] {
    const address = this.writeGroup(root);
    const chunks: Uint8Array[] = [];
    let end = this.length;
    for (const [i, { data }] of this.arrays.entries()) {
      this.pending[i]!.setBigUint64(0, data.length === 0 ? UNDEFINED : BigInt(end), true);
      chunks.push(data, new Uint8Array(padding(data.length)));
      end += padded(data.length);
    }
    const structure = new Uint8Array(this.length);
    structure.set(this.superblock(address, end));
    for (const { at, bytes } of this.pieces) structure.set(bytes, at);
    return [structure, ...chunks.filter((chunk) => chunk.length > 0)];
  }

  /** @returns its address */
  private writeGroup({ groups = new Map(), datasets = new Map(), attributes = {} }: GroupContent): number {
    const children = [
      ...[...groups].map(([name, group]) => ({ name, address: this.writeGroup(group) })),
      ...[...datasets].map(([name, dataset]) => ({ name, address: this.writeDataset(dataset) })),
    ].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    const { heap, offsets } = this.writeHeap(children.map(({ name }) => name));
    const nodes: { address: number; lastName: number }[] = [];
    for (let i = 0; i < children.length; i += this.nodeEntries) {
      const entries = children
        .slice(i, i + this.nodeEntries)
        .map(({ address }, k) => ({ address, name: offsets[i + k]! }));
      nodes.push({ address: this.writeNode(entries), lastName: entries.at(-1)!.name });
    }
    const table = block(16);
    table.view.setBigUint64(0, BigInt(this.writeTree(nodes)), true);
    table.view.setBigUint64(8, BigInt(heap), true);
    const messages = [{ kind: Message.symbolTable, body: table.bytes }];
    for (const [name, text] of Object.entries(attributes)) {
      messages.push({ kind: Message.attribute as never, body: attribute(name, text) });
    }
    return this.place(objectHeader(messages));
  }

  private writeDataset(dataset: Hdf5Dataset): number {
    const layout = block(24);
    layout.view.setUint8(0, 3);
    layout.view.setUint8(1, 1);
    layout.view.setBigUint64(10, BigInt(dataset.data.length), true);
    const header = objectHeader([
      { kind: Message.dataspace, body: dataspace(dataset.shape) },
      { kind: Message.datatype, body: ENCODINGS[dataset.dtype].body },
      // Version 2, space allocated late, filled if set, a value defined that is the default.
      { kind: Message.fillValue, body: Uint8Array.from([2, 2, 2, 1, 0, 0, 0, 0]) },
      { kind: Message.layout, body: layout.bytes },
    ]);
    this.arrays.push(dataset);
    // The layout is the last message: its address field is 22 bytes before the end.
    this.pending.push(new DataView(header.buffer, header.length - 22, 8));
    return this.place(header);
  }

  private writeHeap(names: readonly string[]): { heap: number; offsets: number[] } {
    const offsets: number[] = [];
    // The empty name comes first: it is the lowest key of the tree.
    let size = 8;
    const texts = names.map((name) => Buffer.from(name));
    for (const text of texts) {
      offsets.push(size);
      size += padded(text.length + 1);
    }
    const data = new Uint8Array(size);
    for (const [i, text] of texts.entries()) data.set(text, offsets[i]!);
    const head = block(32);
    head.bytes.set(ascii('HEAP'));
    head.view.setBigUint64(8, BigInt(size), true);
    // No free space: 1 stands for "none".
    head.view.setBigUint64(16, 1n, true);
    head.view.setBigUint64(24, BigInt(this.place(data)), true);
    return { heap: this.place(head.bytes), offsets };
  }

  private writeNode(entries: readonly { address: number; name: number }[]): number {
    const { bytes, view } = block(8 + this.nodeEntries * 40);
    bytes.set(ascii('SNOD\x01'));
    view.setUint16(6, entries.length, true);
    for (const [i, { address, name }] of entries.entries()) {
      view.setBigUint64(8 + i * 40, BigInt(name), true);
      view.setBigUint64(16 + i * 40, BigInt(address), true);
    }
    return this.place(bytes);
  }

  private writeTree(nodes: readonly { address: number; lastName: number }[]): number {
    const { bytes, view } = block(24 + 8 + TREE_CHILDREN * 16);
    bytes.set(ascii('TREE'));
    view.setUint16(6, nodes.length, true);
    view.setBigUint64(8, UNDEFINED, true);
    view.setBigUint64(16, UNDEFINED, true);
    for (const [i, { address, lastName }] of nodes.entries()) {
      view.setBigUint64(32 + i * 16, BigInt(address), true);
      view.setBigUint64(40 + i * 16, BigInt(lastName), true);
    }
    return this.place(bytes);
  }

  private superblock(root: number, end: number): Uint8Array {
    const { bytes, view } = block(SUPERBLOCK);
    bytes.set(ascii('\x89HDF\r\n\x1a\n'));
    view.setUint8(13, 8);
    view.setUint8(14, 8);
    view.setUint16(16, this.nodeEntries / 2, true);
    view.setUint16(18, TREE_CHILDREN / 2, true);
    view.setBigUint64(32, UNDEFINED, true);
    view.setBigUint64(40, BigInt(end), true);
    view.setBigUint64(48, UNDEFINED, true);
    view.setBigUint64(64, BigInt(root), true);
    return bytes;
  }

  private place(bytes: Uint8Array): number {
    const at = this.length;
    this.pieces.push({ at, bytes });
    this.length += padded(bytes.length);
    return at;
  }
}

function objectHeader(messages: readonly { kind: number; body: Uint8Array }[]): Uint8Array {
  const size = messages.reduce((sum, { body }) => sum + 8 + padded(body.length), 0);
  const { bytes, view } = block(16 + size);
  view.setUint8(0, 1);
  view.setUint16(2, messages.length, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, size, true);
  let at = 16;
  for (const { kind, body } of messages) {
    view.setUint16(at, kind, true);
    view.setUint16(at + 2, padded(body.length), true);
    bytes.set(body, at + 8);
    at += 8 + padded(body.length);
  }
  return bytes;
}

/** The message of a shape; the greatest shape, the same, is given as h5py does. */
function dataspace(shape: readonly number[]): Uint8Array {
  const { bytes, view } = block(8 + shape.length * 16);
  view.setUint8(0, 1);
  view.setUint8(1, shape.length);
  view.setUint8(2, shape.length > 0 ? 1 : 0);
  for (const [i, length] of [...shape, ...shape].entries())
    view.setBigUint64(8 + i * 8, BigInt(length), true);
  return bytes;
}

/** The message of an attribute: a text of fixed length in UTF-8. */
function attribute(name: string, text: string): Uint8Array {
  const nameBytes = Buffer.from(`${name}\0`);
  const value = Buffer.from(text);
  const space = dataspace([]);
  const at = 8 + padded(nameBytes.length);
  const { bytes, view } = block(at + 8 + space.length + Math.max(1, value.length));
  view.setUint8(0, 1);
  view.setUint16(2, nameBytes.length, true);
  view.setUint16(4, 8, true);
  view.setUint16(6, space.length, true);
  bytes.set(nameBytes, 8);
  // A string, padded with zeros, in UTF-8. It may not be of length 0.
  view.setUint8(at, 0x13);
  view.setUint8(at + 1, 0x11);
  view.setUint32(at + 4, Math.max(1, value.length), true);
  bytes.set(space, at + 8);
  bytes.set(value, at + 8 + space.length);
  return bytes;
}

function block(size: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}

function padded(length: number): number {
  return length + padding(length);
}
