// HDF5 files that reach out of themselves, go round in circles, or declare more than they hold.

import type { StoredValue } from '../../../src/saving/description.js';
import { writeHdf5 } from '../../../src/saving/hdf5/write.js';
import { writeWeights } from '../../../src/saving/keras/weights.js';
import { archive, GOOD, type HostileFile, MEMBERS, madeHdf5 } from './good.js';

const CVES: Readonly<Record<string, string>> = {
  'external-storage': 'CVE-2026-1669: ',
  'gzip-bomb': 'CVE-2026-0897: ',
  'never-written-bomb': 'CVE-2026-0897: ',
};

function withWeights(name: string, bytes: Uint8Array): HostileFile {
  return { name: `hdf5: ${name}`, bytes: archive({ 'model.weights.h5': bytes }) };
}

/** Right bytes but for some. */
function patched(name: string, patch: (bytes: Buffer) => void): HostileFile {
  const bytes = Buffer.from(MEMBERS['model.weights.h5']);
  patch(bytes);
  return withWeights(name, bytes);
}

/** Where the n-th of these bytes stand. */
function find(bytes: Buffer, what: string | Uint8Array, n = 0): number {
  let at = bytes.indexOf(what);
  for (let i = 0; i < n; i++) at = bytes.indexOf(what, at + 1);
  if (at < 0) throw new Error('not found');
  return at;
}

const LAYOUT = Uint8Array.of(8, 0, 24, 0, 0, 0, 0, 0, 3, 1);
const SPACE_2D = Uint8Array.of(1, 0, 40, 0, 0, 0, 0, 0, 1, 2);
const UNDEFINED = 0xffffffffffffffffn;

function patchedStructures(): HostileFile[] {
  return [
    patched('another signature', (b) => b.write('X', 1)),
    ...[1, 2, 3, 255].map((version) => patched(`superblock ${version}`, (b) => b.writeUInt8(version, 8))),
    patched('addresses of 4 bytes', (b) => b.writeUInt8(4, 13)),
    patched('a base address', (b) => b.writeUInt8(1, 24)),
    patched('an end before the end', (b) => b.writeUInt8(1, 40)),
    patched('a root beyond the end', (b) => b.writeBigUInt64LE(1n << 40n, 64)),
    patched('a root at the end', (b) => b.writeBigUInt64LE(BigInt(b.length), 64)),
    patched('no root', (b) => b.writeBigUInt64LE(UNDEFINED, 64)),
    patched('a root that is a soft link', (b) => b.writeUInt32LE(2, 72)),
    patched('a layout of version 4', (b) => b.writeUInt8(4, find(b, LAYOUT) + 8)),
    patched('a layout of version 1', (b) => b.writeUInt8(1, find(b, LAYOUT) + 8)),
    patched('a chunked layout', (b) => b.writeUInt8(2, find(b, LAYOUT) + 9)),
    patched('a compact layout', (b) => b.writeUInt8(0, find(b, LAYOUT) + 9)),
    patched('an unknown layout', (b) => b.writeUInt8(9, find(b, LAYOUT) + 9)),
    patched('values beyond the end', (b) => b.writeBigUInt64LE(BigInt(b.length - 4), find(b, LAYOUT) + 10)),
    patched('values far beyond the end', (b) => b.writeBigUInt64LE(1n << 52n, find(b, LAYOUT) + 10)),
    patched('values nowhere', (b) => b.writeBigUInt64LE(UNDEFINED, find(b, LAYOUT) + 10)),
    patched('values of another size', (b) => b.writeBigUInt64LE(4n, find(b, LAYOUT) + 18)),
    patched('values that share bytes', (b) =>
      b.copy(b, find(b, LAYOUT) + 10, find(b, LAYOUT, 1) + 10, find(b, LAYOUT, 1) + 18),
    ),
    patched('a filter', (b) =>
      b.writeUInt16LE(0x0b, find(b, Uint8Array.of(5, 0, 8, 0, 0, 0, 0, 0, 2, 2, 2, 1))),
    ),
    patched('an external file', (b) =>
      b.writeUInt16LE(7, find(b, Uint8Array.of(5, 0, 8, 0, 0, 0, 0, 0, 2, 2, 2, 1))),
    ),
    patched('an unknown message', (b) => b.writeUInt16LE(0x99, find(b, LAYOUT))),
    patched('a shared message', (b) => b.writeUInt8(2, find(b, LAYOUT) + 4)),
    patched('a message beyond its header', (b) => b.writeUInt16LE(0xfff8, find(b, LAYOUT) + 2)),
    patched('33 dimensions', (b) => b.writeUInt8(33, find(b, SPACE_2D) + 9)),
    patched('more dimensions than their message holds', (b) => b.writeUInt8(6, find(b, SPACE_2D) + 9)),
    patched('a huge dimension', (b) => b.writeBigUInt64LE(1n << 40n, find(b, SPACE_2D) + 16)),
    patched('a dimension beyond 2^53', (b) => b.writeBigUInt64LE(1n << 60n, find(b, SPACE_2D) + 16)),
    patched('dimensions whose product is infinite', (b) => {
      b.writeBigUInt64LE((1n << 53n) - 1n, find(b, SPACE_2D) + 16);
      b.writeBigUInt64LE((1n << 53n) - 1n, find(b, SPACE_2D) + 24);
    }),
    patched('a dimension of 0', (b) => b.writeBigUInt64LE(0n, find(b, SPACE_2D) + 16)),
    patched('another header version', (b) => b.writeUInt8(2, find(b, SPACE_2D) - 16)),
    patched('60,000 messages', (b) => b.writeUInt16LE(60_000, find(b, SPACE_2D) - 14)),
    patched('more messages than there are', (b) => b.writeUInt16LE(9, find(b, SPACE_2D) - 14)),
    patched('a header that is its own continuation', (b) => {
      const at = find(b, LAYOUT);
      b.writeUInt16LE(0x10, at);
      b.writeBigUInt64LE(BigInt(at), at + 8);
      b.writeBigUInt64LE(32n, at + 16);
      b.writeUInt16LE(200, find(b, SPACE_2D) - 14);
    }),
    patched('no tree', (b) => b.write('X', find(b, 'TREE'))),
    patched('a tree of chunks', (b) => b.writeUInt8(1, find(b, 'TREE') + 4)),
    patched('a tree of 200 levels', (b) => b.writeUInt8(200, find(b, 'TREE') + 5)),
    patched('a tree of 65,535 children', (b) => b.writeUInt16LE(0xffff, find(b, 'TREE') + 6)),
    patched('a tree in itself', (b) => {
      const at = find(b, 'TREE');
      b.writeUInt8(1, at + 5);
      b.writeBigUInt64LE(BigInt(at), at + 32);
    }),
    patched('no node', (b) => b.write('X', find(b, 'SNOD'))),
    patched('a node of 65,535 entries', (b) => b.writeUInt16LE(0xffff, find(b, 'SNOD') + 6)),
    patched('a soft link', (b) => b.writeUInt32LE(2, find(b, 'SNOD') + 8 + 16)),
    patched('a link to the root', (b) => b.copy(b, find(b, 'SNOD') + 16, 64, 72)),
    patched('a link beyond the end', (b) => b.writeBigUInt64LE(1n << 50n, find(b, 'SNOD') + 16)),
    patched('no heap', (b) => b.write('X', find(b, 'HEAP'))),
    patched('a heap of 2^50 bytes', (b) => b.writeBigUInt64LE(1n << 50n, find(b, 'HEAP') + 8)),
    patched('a heap beyond the end', (b) => b.writeBigUInt64LE(1n << 50n, find(b, 'HEAP') + 24)),
    patched('a name beyond the heap', (b) => b.writeBigUInt64LE(1n << 50n, find(b, 'SNOD') + 8)),
    patched('an empty name', (b) => b.writeBigUInt64LE(0n, find(b, 'SNOD') + 8)),
    patched('a name with a slash', (b) => b.write('v/rs', find(b, 'vars'))),
    patched('a name that is no UTF-8', (b) => b.writeUInt8(0xff, find(b, 'vars'))),
    patched('the same name twice', (b) => {
      const node = find(b, 'SNOD');
      b.copy(b, node + 48, node + 8, node + 16);
    }),
  ];
}

function value(name: string, shape: readonly number[], dtype: StoredValue['dtype'] = 'float32'): StoredValue {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name, shape, dtype, values: dtype === 'float32' ? new Float32Array(size) : new Int32Array(size) };
}

/** Well-formed, and not of the model that the config describes. */
function otherModels(): HostileFile[] {
  const [dense] = GOOD.layers as [(typeof GOOD.layers)[0]];
  const [kernel, bias] = dense.weights as [StoredValue, StoredValue];
  const withLayer = (name: string, weights: readonly StoredValue[]) =>
    withWeights(name, join(writeHdf5(writeWeights({ ...GOOD, layers: [{ ...dense, weights }] }))));
  const withState = (name: string, optimizerState: readonly StoredValue[]) =>
    withWeights(name, join(writeHdf5(writeWeights({ ...GOOD, optimizerState }))));
  const [iteration, rate] = GOOD.optimizerState as [StoredValue, StoredValue];
  return [
    withLayer('no weights', []),
    withLayer('no bias', [kernel]),
    withLayer('one weight too many', [kernel, bias, bias]),
    withLayer('weights in another order', [bias, kernel]),
    withLayer('a kernel of another shape', [value('kernel', [2, 3]), bias]),
    withLayer('a kernel with a dimension more', [value('kernel', [3, 2, 1]), bias]),
    withLayer('a kernel of whole numbers', [value('kernel', [3, 2], 'int32'), bias]),
    withLayer('a bias of another size', [kernel, value('bias', [3])]),
    withState('optimizer state for no variable', [iteration]),
    withState('optimizer state for other variables', [iteration, rate, value('momentum', [3, 2])]),
    withState('a learning rate that is a list', [iteration, value('rate', [2])]),
    withState('no learning rate but a count', [iteration, value('rate', [], 'int32')]),
    withWeights(
      'weights of a layer that the config does not have',
      join(writeHdf5(writeWeights({ ...GOOD, layers: [dense, { ...dense, className: 'Conv2D' }] }))),
    ),
    withWeights('nothing', join(writeHdf5({}))),
    withWeights('values at the root', join(writeHdf5({ datasets: new Map([['x', floats(1)]]) }))),
    withWeights('200 groups in each other', join(writeHdf5(nested(200)))),
    withWeights(
      '50,000 groups',
      join(writeHdf5({ groups: new Map(Array.from({ length: 50_000 }, (_, i) => [`${i}`, {}])) })),
    ),
    withWeights('an empty file', new Uint8Array()),
    withWeights('half a file', MEMBERS['model.weights.h5'].subarray(0, 1000)),
    withWeights('bytes behind the end', Buffer.concat([MEMBERS['model.weights.h5'], Buffer.from('more')])),
    withWeights('text', Buffer.from('weights')),
  ];
}

function floats(size: number) {
  return { dtype: 'float32' as const, shape: [size], data: new Uint8Array(4 * size) };
}

function nested(depth: number): Parameters<typeof writeHdf5>[0] {
  let group = {};
  for (let i = 0; i < depth; i++) group = { groups: new Map([['x', group]]) };
  return group;
}

function join(chunks: Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks);
}

export function hostileWeights(): HostileFile[] {
  const { right: _, ...made } = madeHdf5();
  return [
    ...Object.entries(made).map(([name, bytes]) =>
      withWeights(`${CVES[name] ?? ''}${name}, as h5py writes it`, bytes),
    ),
    ...patchedStructures(),
    ...otherModels(),
  ];
}
