import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { CnnError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import { formatShape, sizeOf } from '../shape.js';
import type { DatasetFields } from './dataset.js';

const [COMMA, LF] = [0x2c, 0x0a];
const CHUNK = 1 << 18;

/** The decimal digits of 0 to 255, each in three bytes, and how many of them count. */
const DIGITS = Buffer.from(Array.from({ length: 256 }, (_, value) => String(value).padEnd(3)).join(''));
const LENGTHS = Uint8Array.from({ length: 256 }, (_, value) => String(value).length);

/** Writes samples as an MNIST CSV; see `Dataset.toCsv`. */
export async function writeCsv(file: string, dataset: DatasetFields, header: boolean): Promise<void> {
  const { name, x, y } = dataset;
  if (!(x.data instanceof Uint8Array && y.data instanceof Uint8Array && y.shape.length === 0)) {
    throw new CnnError('INVALID_ARGUMENT', `${name} cannot be written as CSV`, {
      expected: 'uint8 samples with one uint8 label each',
      received: `${x.data.constructor.name} and ${y.data.constructor.name} of shape ${formatShape(y.shape)}`,
      dataset: name,
    });
  }
  const rows = csvRows(x.data, y.data, sizeOf(x.shape), header);
  await replaceFile(file, file.endsWith('.gz') ? gzipped(rows) : rows);
}

function* csvRows(pixels: Uint8Array, labels: Uint8Array, size: number, header: boolean): Generator<Buffer> {
  if (header) {
    const names = Array.from({ length: size }, (_, i) => `pixel${i}`);
    yield Buffer.from(`label,${names.join(',')}\n`);
  }
  const widest = 4 * (size + 1);
  const room = Math.max(CHUNK, widest);
  let chunk = Buffer.allocUnsafe(room);
  let at = 0;
  for (const [row, label] of labels.entries()) {
    if (at + widest > room) {
      yield chunk.subarray(0, at);
      chunk = Buffer.allocUnsafe(room);
      at = 0;
    }
    at = writeCell(chunk, at, label);
    for (let i = row * size; i < (row + 1) * size; i++) {
      chunk[at++] = COMMA;
      at = writeCell(chunk, at, pixels[i]!);
    }
    chunk[at++] = LF;
  }
  yield chunk.subarray(0, at);
}

function writeCell(chunk: Buffer, at: number, value: number): number {
  const length = LENGTHS[value]!;
  for (let i = 0; i < length; i++) chunk[at + i] = DIGITS[3 * value + i]!;
  return at + length;
}

function gzipped(chunks: Iterable<Buffer>): AsyncIterable<Buffer> {
  // An error of either stream reaches whoever reads the result.
  return pipeline(Readable.from(chunks), createGzip(), () => {});
}
