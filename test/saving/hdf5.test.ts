import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import h5wasm from 'h5wasm';
import { Bytes } from '../../src/saving/bytes.js';
import { readHdf5 } from '../../src/saving/hdf5/read.js';
import type { Hdf5Dataset, Hdf5Group } from '../../src/saving/hdf5/tree.js';
import { type GroupContent, writeHdf5 } from '../../src/saving/hdf5/write.js';
import { madeHdf5 } from './hostile/good.js';

const { FS } = await h5wasm.ready;

function bytesOf(values: Float32Array | Int32Array | BigInt64Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer);
}

const floats = { dtype: 'float32', shape: [2, 3], data: bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)) } as const;
const count = { dtype: 'int64', shape: [], data: bytesOf(BigInt64Array.of(-7n)) } as const;
const nothing = { dtype: 'float64', shape: [0, 3], data: new Uint8Array() } as const;
const whole = { dtype: 'int32', shape: [3], data: bytesOf(Int32Array.of(1, -2, 3)) } as const;

/** So many that a group's entries fill several nodes. */
const many = new Map<string, Hdf5Dataset>(
  Array.from({ length: 1000 }, (_, i) => [String(i), { ...whole, data: bytesOf(Int32Array.of(i, i, i)) }]),
);

const tree: GroupContent = {
  attributes: { name: 'a model é' },
  datasets: new Map<string, Hdf5Dataset>([
    ['0', floats],
    ['count', count],
    ['nothing', nothing],
  ]),
  groups: new Map<string, GroupContent>([
    ['empty', {}],
    ['many', { datasets: many }],
    ['deep', { groups: new Map([['er', { datasets: new Map([['x', whole]]) }]]) }],
  ]),
};

type Content = Pick<Hdf5Group, 'datasets'> & { groups: ReadonlyMap<string, Content> };

function asWritten(group: GroupContent): Content {
  const groups = new Map([...(group.groups ?? [])].map(([name, child]) => [name, asWritten(child)]));
  return { groups: sorted(groups), datasets: sorted(group.datasets ?? new Map()) };
}

/** As HDF5 orders names. */
function sorted<T>(map: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

function withoutAttributes({ groups, datasets }: Hdf5Group): Content {
  return { groups: new Map([...groups].map(([name, child]) => [name, withoutAttributes(child)])), datasets };
}

function read(bytes: Uint8Array): Hdf5Group {
  return readHdf5(new Bytes('x.h5', new Uint8Array(bytes)));
}

/** Opens bytes with the HDF5 library. */
function withLibrary<T>(bytes: Uint8Array, body: (file: InstanceType<typeof h5wasm.File>) => T): T {
  FS.writeFile('x.h5', bytes);
  const file = new h5wasm.File('x.h5', 'r');
  try {
    return body(file);
  } finally {
    file.close();
    FS.unlink('x.h5');
  }
}

describe('HDF5', () => {
  it('reads what it writes', () =>
    assert.deepEqual(withoutAttributes(read(Buffer.concat(writeHdf5(tree)))), asWritten(tree)));

  it('does not copy arrays to write them', () => assert.ok(writeHdf5(tree).includes(floats.data)));

  it('writes what the HDF5 library reads', () => {
    withLibrary(Buffer.concat(writeHdf5(tree)), (file) => {
      assert.equal(file.attrs.name?.value, 'a model é');
      const values = (path: string) => (file.get(path) as InstanceType<typeof h5wasm.Dataset>).value;
      assert.deepEqual(values('0'), Float32Array.of(1, 2, 3, 4, 5, 6));
      assert.equal(values('count'), -7n);
      assert.deepEqual(values('deep/er/x'), Int32Array.of(1, -2, 3));
      assert.deepEqual((file.get('nothing') as InstanceType<typeof h5wasm.Dataset>).shape, [0, 3]);
      assert.deepEqual((file.get('empty') as InstanceType<typeof h5wasm.Group>).keys(), []);
      for (const i of [0, 9, 99, 256, 512, 999])
        assert.deepEqual(values(`many/${i}`), Int32Array.of(i, i, i));
      assert.equal((file.get('many') as InstanceType<typeof h5wasm.Group>).keys().length, 1000);
    });
  });

  it('reads what h5py writes', () => {
    const vars = read(madeHdf5().right!).groups.get('layers')!.groups.get('dense')!.groups.get('vars')!;
    assert.deepEqual(vars.datasets.get('0'), {
      dtype: 'float32',
      shape: [3, 2],
      data: bytesOf(Float32Array.of(0, 1, 2, 3, 4, 5)),
    });
  });
});
