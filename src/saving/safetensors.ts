import { corruptFile } from '../datasets/bytes.js';
import { CnnError } from '../errors.js';
import { HostArray } from '../runtime/host-array.js';
import { sizeOf } from '../shape.js';
import { Bytes } from './bytes.js';
import { parseJson } from './json.js';

/** The format allows 100 MB, which no model needs and which take several times as much when read. */
const MAX_HEADER = 16 * 2 ** 20;
const METADATA = '__metadata__';

/** Types by their names in the format. */
const types = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
type TypeName = keyof typeof types;

/** Named arrays with remarks: what a safetensors file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, HostArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: TypeName;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Arrays as a safetensors file, in pieces: u64 length of the header, the header (JSON), the values one after another,
 * little-endian, in the order of the map. Source: https://github.com/huggingface/safetensors.
 */
export function* writeSafetensors({ tensors, metadata }: Safetensors): Generator<Uint8Array> {
  const entries: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    entries[name] = { dtype: nameOf(data), shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify({ [METADATA]: metadata, ...entries });
  const header = new TextEncoder().encode(json.padEnd(json.length + paddingOf(json)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  yield length;
  yield header;
  for (const { data } of tensors.values()) {
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
}

/**
 * Reads a safetensors file. Values are views of the bytes where they lie on a multiple of their size, so nothing is
 * allocated on the header's word.
 *
 * @param file its name, for errors
 * @throws CnnError FILE_CORRUPT where header and values don't fit together exactly; UNSUPPORTED for types other than
 *   F32, I32 and U8, naming the tensor
 */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  if (bytes.length < 8) throw corruptFile(file, 0, '8 bytes or more', String(bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = 8 + headerLength;
  if (headerLength > MAX_HEADER || start > bytes.length) {
    throw corruptFile(file, 0, 'the length of a header that is in the file', String(headerLength));
  }
  const { [METADATA]: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, start), file);
  const tensors = new Map<string, HostArray>();
  let end = start;
  for (const [name, entry] of Object.entries(entries).sort(byPlace)) {
    const { dtype, shape } = checkEntry(name, entry, end - start, file);
    const type = types[dtype];
    const size = sizeOf(shape) * type.BYTES_PER_ELEMENT;
    if (end + size > bytes.length) {
      throw corruptFile(file, end, `${size} bytes of "${name}"`, `the end at byte ${bytes.length}`);
    }
    const raw = bytes.subarray(end, end + size);
    const aligned = raw.byteOffset % type.BYTES_PER_ELEMENT === 0 ? raw : Uint8Array.from(raw);
    tensors.set(
      name,
      new HostArray(shape, new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, sizeOf(shape))),
    );
    end += size;
  }
  if (end !== bytes.length) throw corruptFile(file, end, 'the end of the file', 'more bytes');
  if (!isRecordOf(metadata, (value) => typeof value === 'string')) {
    throw corruptFile(file, 8, `${METADATA} of strings`, JSON.stringify(metadata));
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  const header = parseJson(new Bytes(`${file}, its header`, bytes));
  if (isRecordOf(header, () => true)) return header;
  throw corruptFile(file, 8, 'a header in JSON, an object', JSON.stringify(header).slice(0, 60));
}

/** In the order of their values, which headers of others need not have. */
function byPlace([, a]: [string, unknown], [, b]: [string, unknown]): number {
  const [first, second] = [a, b].map((entry) => (entry as Partial<Entry> | null)?.data_offsets ?? []);
  return (first![0] ?? 0) - (second![0] ?? 0) || (first![1] ?? 0) - (second![1] ?? 0);
}

/** Tensors follow one another without gaps. */
function checkEntry(name: string, entry: unknown, offset: number, file: string): Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Entry>;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (typeof dtype !== 'string' || !isShape || !Number.isSafeInteger(sizeOf(shape!))) {
    throw corruptFile(file, 8, `"${name}" with dtype, shape and data_offsets`, JSON.stringify(entry));
  }
  if (!Object.hasOwn(types, dtype)) {
    throw new CnnError('UNSUPPORTED', `${file}: "${name}" is of a type that is not supported`, {
      file,
      weight: name,
      expected: Object.keys(types).join(', '),
      received: dtype,
    });
  }
  const end = offset + sizeOf(shape!) * types[dtype].BYTES_PER_ELEMENT;
  if (offsets?.[0] !== offset || offsets[1] !== end) {
    throw corruptFile(file, 8, `"${name}" at ${offset} to ${end}`, JSON.stringify(offsets));
  }
  return { dtype, shape: shape!, data_offsets: offsets };
}

function isRecordOf(value: unknown, test: (member: unknown) => boolean): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(test)
  );
}

function nameOf(data: HostArray['data']): TypeName {
  return data instanceof Float32Array ? 'F32' : data instanceof Int32Array ? 'I32' : 'U8';
}

/** Blanks after the header, so that the values start at a multiple of 8. */
function paddingOf(json: string): number {
  return (8 - (Buffer.byteLength(json) % 8)) % 8;
}
