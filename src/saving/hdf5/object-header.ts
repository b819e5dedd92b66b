import type { Bytes } from '../bytes.js';
import { type HeaderMessage, Message } from './tree.js';

/** Messages of one object at most: a dataset has five, and each attribute is one more. */
const MAX_MESSAGES = 256;

/** What may be in the header of a group or a dataset, besides what makes it one. */
const HARMLESS: ReadonlySet<number> = new Set([
  Message.nil,
  Message.oldFillValue,
  Message.fillValue,
  Message.modificationTime,
]);

const KNOWN: ReadonlySet<number> = new Set([
  ...HARMLESS,
  Message.attribute,
  Message.dataspace,
  Message.datatype,
  Message.layout,
  Message.symbolTable,
]);

/** Why a kind of message is refused, where people would ask. */
const REFUSED = new Map<number, string>([
  [Message.linkInfo, 'a group of the newer kind'],
  [Message.groupInfo, 'a group of the newer kind'],
  [Message.link, 'a link in a group of the newer kind'],
  [Message.externalFiles, 'values in another file (external storage)'],
  [Message.filters, 'compressed or filtered values'],
]);

/**
 * The messages of an object (HDF5 File Format Specification, IV.A.1.a: version 1), those without meaning for us left
 * out.
 *
 * @throws CnnError FILE_CORRUPT; UNSUPPORTED for messages that read other files, link, or unpack
 */
export function readMessages(bytes: Bytes, at: number): HeaderMessage[] {
  if (bytes.u8(at) !== 1) throw bytes.unsupported(at, 'an object header of another version than 1');
  const count = bytes.u16(at + 2);
  if (count > MAX_MESSAGES) throw bytes.corrupt(at + 2, `at most ${MAX_MESSAGES} messages`, String(count));
  const messages: HeaderMessage[] = [];
  const blocks = [{ start: at + 16, length: bytes.u32(at + 8) }];
  let left = count;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const end = block.start + block.length;
    bytes.slice(block.start, block.length);
    for (let start = block.start; left > 0 && start + 8 <= end; left--) {
      const message = { kind: bytes.u16(start), at: start + 8, size: bytes.u16(start + 2) };
      if (message.at + message.size > end) {
        throw bytes.corrupt(start, `a message that ends by byte ${end}`, `${message.size} bytes`);
      }
      if (bytes.u8(start + 4) & 2) throw bytes.unsupported(start, 'a shared message');
      if (message.kind === Message.continuation) {
        blocks.push({ start: bytes.u64(message.at), length: bytes.u64(message.at + 8) });
      } else if (!KNOWN.has(message.kind)) {
        const what = REFUSED.get(message.kind) ?? `a message of kind 0x${message.kind.toString(16)}`;
        throw bytes.unsupported(start, what, 'Keras writes none such.');
      } else if (!HARMLESS.has(message.kind)) {
        messages.push(message);
      }
      start = message.at + message.size;
    }
  }
  if (left > 0) throw bytes.corrupt(at + 2, `${count - left} messages`, String(count));
  return messages;
}
