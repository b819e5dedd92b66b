import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as layers from '../../src/layers/index.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { readSafetensors, writeSafetensors } from '../../src/saving/safetensors.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-safetensors-'));

/** A file with this header, and so many bytes of values. */
function made(header: unknown, size: number, headerLength?: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerLength ?? json.length));
  return Buffer.concat([length, json, Buffer.alloc(size)]);
}

const f32 = (shape: unknown, data_offsets: unknown) => ({ dtype: 'F32', shape, data_offsets });

const HOSTILE: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'a cut length': new Uint8Array(7),
  'a header beyond the end': made({}, 0, 100),
  'a header of 2^60 bytes': made({}, 0, 2 ** 60),
  'a header of 100 MB': made({}, 0, 1e8),
  'no JSON': made('x', 0),
  'a list': made('[]', 0),
  'bytes behind the last': made({ a: f32([1], [0, 4]) }, 5),
  'too few bytes': made({ a: f32([1], [0, 4]) }, 3),
  'a hole': made({ a: f32([1], [4, 8]) }, 8),
  'shared bytes': made({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, 8),
  'the same bytes twice': made({ a: f32([2], [0, 8]), b: f32([2], [0, 8]) }, 8),
  'a name twice': made(
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    8,
  ),
  'another size': made({ a: f32([3], [0, 4]) }, 4),
  'a huge shape': made({ a: f32([2 ** 40, 2 ** 40], [0, 4]) }, 4),
  'a shape of 0 times infinity': made({ a: f32([0, 1e308], [0, 0]) }, 0),
  'a negative size': made({ a: f32([-1], [0, 4]) }, 4),
  'negative offsets': made({ a: f32([1], [-4, 0]) }, 0),
  'offsets the wrong way round': made({ a: f32([1], [4, 0]) }, 4),
  'no shape': made({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4),
  'an entry that is null': made({ a: null }, 0),
  'metadata that are no texts': made({ __metadata__: { a: 1 } }, 0),
  'an unknown type': made({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, 1),
  'a type from the prototype': made({ a: { dtype: 'constructor', shape: [1], data_offsets: [0, 4] } }, 4),
};

before(() => ready());
after(() => rmSync(folder, { recursive: true }));

describe('safetensors', () => {
  it('reads what it writes', () => {
    const tensors = new Map([
      ['b/kernel', new HostArray([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
      ['bytes', new HostArray([3], Uint8Array.of(1, 2, 255))],
      ['count', new HostArray([], Int32Array.of(-7))],
      ['a', new HostArray([0], new Float32Array())],
    ]);
    const metadata = { made: 'here' };
    const bytes = Buffer.concat([...writeSafetensors({ tensors, metadata })]);
    assert.deepEqual(readSafetensors(bytes, 'x'), { tensors, metadata });
  });

  for (const [name, bytes] of Object.entries(HOSTILE)) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => readSafetensors(bytes, 'x'),
        ({ code }) => ['FILE_CORRUPT', 'UNSUPPORTED'].includes(code),
      );
    });
  }

  it('moves the weights of a model to another', async () => {
    const make = () =>
      new Sequential([
        layers.dense({ units: 3, inputShape: [2] }),
        layers.batchNormalization(),
        layers.dense({ units: 1, useBias: false }),
      ]);
    const [one, other] = [make(), make()];
    const file = path.join(folder, 'w.safetensors');
    await one.saveWeights(file);
    await other.loadWeights(file);
    assert.deepEqual(other.getWeights(), one.getWeights());
    const smaller = new Sequential([layers.dense({ units: 3, inputShape: [2] })]);
    await assert.rejects(smaller.loadWeights(file), { code: 'FILE_CORRUPT' });
    const names = ['dense', 'batch_normalization', 'dense_1'];
    const wider = new Sequential([
      layers.dense({ units: 3, inputShape: [4], name: names[0]! }),
      layers.batchNormalization({ name: names[1]! }),
      layers.dense({ units: 1, useBias: false, name: names[2]! }),
    ]);
    const untouched = wider.getWeights();
    await assert.rejects(wider.loadWeights(file), { code: 'FILE_CORRUPT' });
    assert.deepEqual(wider.getWeights(), untouched);
    await assert.rejects(one.saveWeights(path.join(folder, 'w.h5')), { code: 'INVALID_ARGUMENT' });
    await assert.rejects(new Sequential([layers.dense({ units: 1 })]).saveWeights(file), {
      code: 'NOT_BUILT',
    });
  });

  it('reads what the safetensors library writes', () => {
    // safetensors.numpy.save_file({'weight': np.array([[1, -2], [3.5, 0]], 'f4'), 'steps': np.array(12, 'i4')}, ...)
    const { tensors } = readSafetensors(readFileSync('test/saving/fixtures/numpy.safetensors'), 'x');
    assert.deepEqual(
      tensors,
      new Map([
        ['weight', new HostArray([2, 2], Float32Array.of(1, -2, 3.5, 0))],
        ['steps', new HostArray([], Int32Array.of(12))],
      ]),
    );
  });
});
