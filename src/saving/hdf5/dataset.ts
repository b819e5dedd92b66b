import type { Bytes } from '../bytes.js';
import { ENCODINGS, type Hdf5Dataset, type Hdf5Type, type HeaderMessage, Message } from './tree.js';

const MAX_RANK = 32;
const LAYOUT_CLASS = ['compact', 'contiguous', 'chunked', 'virtual'];

/** Where a dataset's values stand in the file. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * A dataset from the messages of its header. Its values must stand in the file itself, whole and unpacked.
 *
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED (types of elements, chunked or virtual layout)
 */
export function readDataset(
  bytes: Bytes,
  messages: readonly HeaderMessage[],
): { dataset: Hdf5Dataset; extent: Extent } {
  const [space, type, layout] = [Message.dataspace, Message.datatype, Message.layout].map((kind) =>
    only(bytes, messages, kind),
  ) as [HeaderMessage, HeaderMessage, HeaderMessage];
  const dtype = readType(bytes, type);
  const shape = readShape(bytes, space);
  const size = shape.reduce((product, length) => product * length, ENCODINGS[dtype].size);
  const extent = readLayout(bytes, layout, size);
  const data = bytes.slice(extent.start, size);
  return { dataset: { dtype, shape, data }, extent };
}

function only(bytes: Bytes, messages: readonly HeaderMessage[], kind: number): HeaderMessage {
  const found = messages.filter((message) => message.kind === kind);
  if (found.length === 1) return found[0]!;
  throw bytes.corrupt(messages[0]!.at, `one message of kind ${kind} in a dataset`, String(found.length));
}

function readType(bytes: Bytes, { at, size }: HeaderMessage): Hdf5Type {
  for (const [dtype, { body }] of Object.entries(ENCODINGS)) {
    if (size >= body.length && Buffer.compare(bytes.slice(at, body.length), body) === 0)
      return dtype as Hdf5Type;
  }
  throw bytes.unsupported(
    at,
    'elements of another type',
    `Known: ${Object.keys(ENCODINGS).join(', ')}, little-endian.`,
  );
}

function readShape(bytes: Bytes, { at, size }: HeaderMessage): number[] {
  if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'a dataspace of another version than 1');
  const rank = bytes.u8(at + 1);
  if (rank > MAX_RANK) throw bytes.corrupt(at + 1, `at most ${MAX_RANK} dimensions`, String(rank));
  if (8 + rank * 8 > size)
    throw bytes.corrupt(at, `${8 + rank * 8} bytes for ${rank} dimensions`, String(size));
  return Array.from({ length: rank }, (_, i) => bytes.u64(at + 8 + i * 8));
}

function readLayout(bytes: Bytes, { at, size: messageSize }: HeaderMessage, size: number): Extent {
  if (bytes.u8(at) !== 3) throw bytes.unsupported(at, 'a data layout of another version than 3');
  const layout = LAYOUT_CLASS[bytes.u8(at + 1)];
  if (layout === 'compact') return inline(bytes, at + 4, bytes.u16(at + 2), size, at + messageSize);
  if (layout !== 'contiguous') throw bytes.unsupported(at, `${layout ?? 'unknown'} data layout`);
  // A dataset without elements has no place.
  if (size === 0) return { start: 0, end: 0 };
  return inline(bytes, bytes.u64(at + 2), bytes.u64(at + 10), size, bytes.length);
}

function inline(bytes: Bytes, start: number, stored: number, size: number, end: number): Extent {
  if (stored !== size) throw bytes.corrupt(start, `${size} bytes, as shape and type say`, String(stored));
  if (start + size > end) throw bytes.corrupt(start, `${size} bytes of values`, `the end at byte ${end}`);
  return { start, end: start + size };
}
