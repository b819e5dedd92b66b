import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type IdxExpectation, readIdx } from '../../src/datasets/idx.js';
import { CnnError } from '../../src/errors.js';
import { assertNamesPlace, idxBytes, rejection, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** Big-endian bytes of some numbers. */
function bigEndian(
  width: number,
  values: readonly number[],
  set: (view: DataView, at: number, value: number) => void,
) {
  const bytes = new Uint8Array(width * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) set(view, i * width, value);
  return bytes;
}

describe('readIdx', () => {
  const cases = [
    {
      code: 8,
      type: 'uint8',
      array: Uint8Array,
      values: [0, 1, 128, 255],
      bytes: Uint8Array.of(0, 1, 128, 255),
    },
    {
      code: 9,
      type: 'int8',
      array: Int8Array,
      values: [0, 1, -128, -1],
      bytes: Uint8Array.of(0, 1, 128, 255),
    },
    {
      code: 11,
      type: 'int16',
      array: Int16Array,
      values: [0, 1, -2, 32767],
      bytes: bigEndian(2, [0, 1, -2, 32767], (view, at, value) => view.setInt16(at, value)),
    },
    {
      code: 12,
      type: 'int32',
      array: Int32Array,
      values: [0, 1, -2, 2 ** 31 - 1],
      bytes: bigEndian(4, [0, 1, -2, 2 ** 31 - 1], (view, at, value) => view.setInt32(at, value)),
    },
    {
      code: 13,
      type: 'float32',
      array: Float32Array,
      values: [0, 1.5, -0.25, 2 ** 100],
      bytes: bigEndian(4, [0, 1.5, -0.25, 2 ** 100], (view, at, value) => view.setFloat32(at, value)),
    },
    {
      code: 14,
      type: 'float64',
      array: Float64Array,
      values: [0, 0.1, -1e300, Math.PI],
      bytes: bigEndian(8, [0, 0.1, -1e300, Math.PI], (view, at, value) => view.setFloat64(at, value)),
    },
  ];
  for (const { code, type, array, values, bytes } of cases) {
    it(`reads ${type}, plain and gzipped`, async () => {
      const content = idxBytes(code, [2, 2], bytes);
      for (const file of [write(`${type}`, content), write(`${type}.gz`, gzipSync(content))]) {
        assert.deepEqual(await readIdx(file), { type, shape: [2, 2], data: array.from(values) });
      }
    });
  }

  it('reads a file whose header comes in pieces', async () => {
    const shape = Array<number>(255).fill(1);
    const file = write('many-dimensions', idxBytes(8, shape, Uint8Array.of(7)));
    assert.deepEqual(await readIdx(file), { type: 'uint8', shape, data: Uint8Array.of(7) });
  });

  const good = idxBytes(8, [2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6));
  const change = (at: number, value: number) => Buffer.from(good).fill(value, at, at + 1);
  const images: IdxExpectation = { type: 'uint8', sample: [3] };
  const bad: [string, Uint8Array, number, IdxExpectation?][] = [
    ['an empty file', Buffer.alloc(0), 0],
    ['half a header', good.subarray(0, 7), 7],
    ['another magic number', change(1, 1), 0],
    ['an unknown type', change(2, 10), 2],
    ['another type than expected', change(2, 9), 2, images],
    ['no dimensions', change(3, 0), 3],
    ['another number of dimensions than expected', good, 3, { type: 'uint8', sample: [3, 1] }],
    ['an empty dimension', change(7, 0), 4],
    ['another sample shape than expected', good, 8, { type: 'uint8', sample: [4] }],
    ['a missing byte', good.subarray(0, 17), 17],
    ['a surplus byte', Buffer.concat([good, Buffer.of(0)]), 18],
    ['a count that no file has', change(4, 255), 18],
  ];
  for (const [what, bytes, offset, expectation] of bad) {
    it(`refuses ${what}, naming byte ${offset}`, async () => {
      const file = write('bad', bytes);
      assertNamesPlace(await rejection(readIdx(file, expectation)), file, { offset });
    });
  }

  const zipped = gzipSync(good);
  const badGzip: [string, Uint8Array][] = [
    ['what is not gzip', good],
    ['too few bytes', zipped.subarray(0, 19)],
    ['a gzip file cut short', zipped.subarray(0, zipped.length - 6)],
    ['bytes after the gzip data', Buffer.concat([zipped, Buffer.alloc(64), zipped.subarray(-4)])],
    ['a second gzip member', Buffer.concat([zipped, zipped])],
    ['a gzipped file one byte short', gzipSync(good.subarray(0, 17))],
    ['a gzipped file one byte long', gzipSync(Buffer.concat([good, Buffer.of(0)]))],
    ['a wrong checksum', Buffer.from(zipped).fill(0, zipped.length - 8, zipped.length - 4)],
  ];
  for (const [what, bytes] of badGzip) {
    it(`refuses ${what} by the name .gz`, async () => {
      const file = write('bad.gz', bytes);
      assertNamesPlace(await rejection(readIdx(file)), file);
    });
  }

  it('takes no memory on the word of a header that the size of the file contradicts', async () => {
    const header = idxBytes(8, [2 ** 20, 28, 28], Buffer.alloc(0));
    const lying = gzipSync(header);
    lying.writeUInt32LE((2 ** 20 * 784 + 16) % 2 ** 32, lying.length - 4);
    for (const file of [write('bomb', header), write('bomb.gz', lying)]) {
      const before = process.memoryUsage().arrayBuffers;
      assertNamesPlace(await rejection(readIdx(file)), file);
      assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 2 ** 20);
    }
  });

  it('tells a missing file from a folder', async () => {
    const missing = await rejection(readIdx(path.join(folder, 'missing')));
    assert.ok(missing instanceof CnnError && missing.code === 'FILE_NOT_FOUND');
    const unreadable = await rejection(readIdx(folder));
    assert.ok(unreadable instanceof CnnError && unreadable.code === 'FILE_UNREADABLE');
  });
});
