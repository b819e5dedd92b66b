import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { Bytes } from '../../src/saving/bytes.js';
import { crc32 } from '../../src/saving/zip/crc32.js';
import { readZip } from '../../src/saving/zip/read.js';
import { writeZip } from '../../src/saving/zip/write.js';

const files = {
  'config.json': Buffer.from('{"a":1}'),
  empty: new Uint8Array(),
  'model/weights.h5': Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) & 255),
};

function contents(archive: Uint8Array): Record<string, Uint8Array> {
  return Object.fromEntries(
    [...readZip(new Bytes('x.zip', archive))].map(([name, entry]) => [name, entry.read().data]),
  );
}

function assertSame(actual: Record<string, Uint8Array>): void {
  assert.deepEqual(Object.keys(actual), Object.keys(files));
  for (const [name, bytes] of Object.entries(files)) {
    assert.equal(Buffer.compare(actual[name]!, bytes), 0, name);
  }
}

describe('zip', () => {
  it('has the checksum of zip files', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
    assert.equal(crc32(Buffer.from('6789'), crc32(Buffer.from('12345'))), 0xcbf43926);
  });

  it('writes what another program reads', () => {
    const members = Object.entries(files).map(([name, bytes]) => ({
      name,
      chunks: [bytes.subarray(0, 7), bytes.subarray(7)],
    }));
    assertSame(unzipSync(Buffer.concat([...writeZip(members)])));
  });

  for (const level of [0, 9] as const) {
    it(`reads what another program writes, compression ${level}`, () =>
      assertSame(contents(zipSync(files, { level }))));
  }

  it('gives views of stored members, not copies', () => {
    const archive = zipSync(files, { level: 0 });
    const { data } = readZip(new Bytes('x.zip', archive)).get('config.json')!.read();
    assert.equal(data.buffer, archive.buffer);
  });
});
