import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CnnError } from '../../src/errors.js';

/** `npm test` runs a sample of each campaign; CNN_CAMPAIGN=full the whole. */
export function campaignSize(sample: number, full: number): number {
  return process.env.CNN_CAMPAIGN === 'full' ? full : sample;
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cnn-datasets-'));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The bytes of an IDX file. */
export function idxBytes(code: number, shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = code;
  header[3] = shape.length;
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, values]);
}

/** Pixels and labels that differ from each other, with many zeros, as digits have. */
export function madeUpDigits(count: number, first = 0): { pixels: Uint8Array; labels: Uint8Array } {
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => {
    const value = ((i + 784 * first) * 2_654_435_761) >>> 24;
    return value < 150 ? 0 : value;
  });
  return { pixels, labels: Uint8Array.from({ length: count }, (_, i) => (i + first) % 10) };
}

export const IDX_FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** The four files of a small data set in MNIST's layout. */
export function idxFiles(trainCount: number, testCount: number): Record<keyof typeof IDX_FILES, Buffer> {
  const train = madeUpDigits(trainCount);
  const test = madeUpDigits(testCount, trainCount);
  return {
    trainImages: idxBytes(8, [trainCount, 28, 28], train.pixels),
    trainLabels: idxBytes(8, [trainCount], train.labels),
    testImages: idxBytes(8, [testCount, 28, 28], test.pixels),
    testLabels: idxBytes(8, [testCount], test.labels),
  };
}

export function writeIdxFolder(
  folder: string,
  files: Record<keyof typeof IDX_FILES, Buffer>,
  { gzip = false, dot = false } = {},
): void {
  for (const role of Object.keys(IDX_FILES) as (keyof typeof IDX_FILES)[]) {
    const name = dot ? IDX_FILES[role].replace('-idx', '.idx') : IDX_FILES[role];
    writeFileSync(path.join(folder, gzip ? `${name}.gz` : name), gzip ? gzipSync(files[role]) : files[role]);
  }
}

/** The rows of a CSV without a row of names, as cells. */
export function csvCells({ pixels, labels }: { pixels: Uint8Array; labels: Uint8Array }): string[][] {
  return Array.from(labels, (label, i) => [label, ...pixels.subarray(784 * i, 784 * (i + 1))].map(String));
}

export const HEADER = ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i}`)];

export function csvText(rows: readonly (readonly string[])[], lineEnd = '\n'): string {
  return rows.map((cells) => cells.join(',') + lineEnd).join('');
}

/** Asserts that this is the error of a bad file: by code, naming the file, the place, what was expected, what came. */
export function assertNamesPlace(
  error: unknown,
  file: string,
  place: Record<string, unknown> = {},
): CnnError {
  assert.ok(error instanceof CnnError, `not a CnnError: ${error}`);
  const { code, details } = error;
  assert.ok(code === 'FILE_CORRUPT' || code === 'DATA_INVALID', error.message);
  assert.equal(details.file, file);
  const placed =
    typeof details.offset === 'number' || (Number(details.row) > 0 && Number(details.column) > 0);
  assert.ok(placed, `no place: ${error.message}`);
  assert.ok(details.expected, error.message);
  assert.ok(details.received, error.message);
  for (const [key, value] of Object.entries(place))
    assert.deepEqual(details[key], value, `${key}: ${error.message}`);
  return error;
}

/** The error with which a promise is rejected. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('was accepted'),
    (error) => error,
  );
}
