import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { readCheckpoint, writeCheckpoint } from '../../src/saving/checkpoint.js';
import { readSafetensors, writeSafetensors } from '../../src/saving/safetensors.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'cnn-checkpoint-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'checkpoint.safetensors');

const isRefused = (error: unknown) =>
  error instanceof CnnError && ['FILE_CORRUPT', 'UNSUPPORTED'].includes(error.code);

const checkpoint = {
  tensors: new Map([
    ['flags', new HostArray([3], Uint8Array.of(1, 0, 1))],
    ['weights/0', new HostArray([2, 2], Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY))],
    ['count', new HostArray([], Int32Array.of(-7))],
    ['nothing', new HostArray([0, 4], new Float32Array())],
  ]),
  state: { numbers: [Number.NaN, -0, Number.NEGATIVE_INFINITY, 0.1 + 0.2], text: 'ä', none: null },
};

describe('checkpoint files', () => {
  it('give back what was written, bit for bit', async () => {
    await writeCheckpoint(file, checkpoint);
    const read = await readCheckpoint(file);
    assert.deepEqual(read.tensors, checkpoint.tensors);
    assert.deepEqual(read.state, checkpoint.state);
  });

  it('are refused with any bit changed, and at any length', async () => {
    await writeCheckpoint(file, checkpoint);
    const whole = readFileSync(file);
    const padding = whole.readUInt32LE(0) + 8;
    const damaged = path.join(folder, 'damaged');
    for (let at = 0; at < whole.length; at++) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= 1 << (at % 8);
      writeFileSync(damaged, bytes);
      // A blank after the header may become another white space of JSON, and means no more than before.
      const isBlank = whole[at] === 0x20 && at < padding;
      if (!isBlank) await assert.rejects(readCheckpoint(damaged), isRefused, `byte ${at}`);
      writeFileSync(damaged, whole.subarray(0, at));
      await assert.rejects(readCheckpoint(damaged), isRefused, `${at} bytes`);
    }
    writeFileSync(damaged, Buffer.concat([whole, Buffer.of(0)]));
    await assert.rejects(readCheckpoint(damaged), isRefused);
  });
});

/** A file with this header and so many bytes behind it. */
function withHeader(header: unknown, size = 8): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(size)]);
}

describe('safetensors', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const hostile: Record<string, Uint8Array> = {
    'no header': new Uint8Array(4),
    'a header beyond the end': Buffer.from('ffffffffffffff7f7b7d', 'hex'),
    'no JSON': withHeader('{"a":'),
    'no object': withHeader('[1]'),
    'null for a tensor': withHeader({ a: null }),
    'an unknown type': withHeader({ a: { ...entry, dtype: 'F8_E4M3' } }),
    'the name of a property of every object as type': withHeader({ a: { ...entry, dtype: 'toString' } }),
    'more values than bytes': withHeader({ a: { ...entry, shape: [2 ** 40], data_offsets: [0, 2 ** 42] } }),
    'a size beyond all numbers': withHeader({ a: { ...entry, shape: [2 ** 50, 2 ** 50] } }),
    'a negative size': withHeader({ a: { ...entry, shape: [-2, -1] } }),
    'offsets of another size': withHeader({ a: { ...entry, data_offsets: [0, 4] } }, 4),
    'an overlap': withHeader({ a: entry, b: entry }),
    'a gap': withHeader({ a: { ...entry, data_offsets: [8, 16] } }, 16),
    'bytes behind the last value': withHeader({ a: entry }, 9),
    'metadata that are no strings': withHeader({ a: entry, __metadata__: { format: 1 } }),
    'no offsets': withHeader({ a: { dtype: 'F32', shape: [2] } }),
  };
  for (const [name, bytes] of Object.entries(hostile)) {
    it(`refuses ${name}`, () => assert.throws(() => readSafetensors(bytes, 'a file'), isRefused));
  }

  it('are read in the order of the values, wherever they begin', () => {
    const { tensors } = checkpoint;
    const bytes = Buffer.concat([...writeSafetensors({ tensors, metadata: { a: 'b' } })]);
    const read = readSafetensors(bytes, 'a file');
    assert.deepEqual(read, { tensors, metadata: { a: 'b' } });
    const { y, x } = { y: { ...entry, data_offsets: [8, 16] }, x: entry };
    assert.deepEqual([...readSafetensors(withHeader({ y, x }, 16), 'a file').tensors.keys()], ['x', 'y']);
  });
});
