import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { Dataset } from '../../src/datasets/index.js';
import { crc32, crc32c } from '../../src/report/crc.js';
import { encodePng, enlarge, image, tile } from '../../src/report/image.js';
import { pictureShape, samplePicture } from '../../src/report/pictures.js';
import { weightPictures } from '../../src/report/signed-pictures.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { hasCode } from '../codes.js';

describe('checksums', () => {
  it('are the published ones', () => {
    const digits = Buffer.from('123456789');
    assert.equal(crc32(digits), 0xcbf43926);
    assert.equal(crc32c(digits), 0xe3069283);
  });
});

describe('PNG', () => {
  it('holds the pixels, gray and in colour', () => {
    const gray = image(3, 2, 1, Uint8Array.of(0, 128, 255, 1, 2, 3));
    const chunks = chunksOf(Buffer.from(encodePng(gray)));
    assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND']);
    assert.deepEqual([...chunks.get('IHDR')!], [0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
    assert.deepEqual([...inflateSync(chunks.get('IDAT')!)], [0, 0, 128, 255, 0, 1, 2, 3]);
    const colour = chunksOf(Buffer.from(encodePng(image(1, 1, 3, Uint8Array.of(9, 8, 7)))));
    assert.equal(colour.get('IHDR')![9], 2);
    assert.deepEqual([...inflateSync(colour.get('IDAT')!)], [0, 9, 8, 7]);
  });

  it('refuses pixels of another number', () => {
    assert.throws(() => image(2, 2, 1, new Uint8Array(5)), hasCode('SHAPE_MISMATCH'));
  });
});

describe('pictures', () => {
  it('are enlarged and put side by side', () => {
    const [a, b, c] = [1, 2, 3].map((value) => image(1, 1, 1, Uint8Array.of(value)));
    assert.deepEqual([...enlarge(image(2, 1, 1, Uint8Array.of(1, 2)), 2).data], [1, 1, 2, 2, 1, 1, 2, 2]);
    assert.deepEqual(tile([a!, b!, c!], 2, 9), image(3, 3, 1, Uint8Array.of(1, 9, 2, 9, 9, 9, 3, 9, 9)));
  });

  it('are made of samples: bytes as they are, scaled numbers, ink on paper', () => {
    const bytes = Dataset.from(Uint8Array.of(0, 10, 20, 255), [1], { shape: [2, 2], scale: 1 / 255 });
    assert.deepEqual([...samplePicture(bytes.x, 0).data], [0, 10, 20, 255]);
    assert.deepEqual([...samplePicture(bytes.x, 0, { inverted: true }).data], [255, 245, 235, 0]);
    const unit = Dataset.from(Float32Array.of(0, 0.5, 1, 2), [1], { shape: [4] });
    assert.deepEqual([...samplePicture(unit.x, 0).data], [0, 128, 255, 255]);
    assert.deepEqual(
      [pictureShape([784]), pictureShape([28, 28, 1]), pictureShape([8, 8, 3])],
      [
        [28, 28, 1],
        [28, 28, 1],
        [8, 8, 3],
      ],
    );
    const rows = Dataset.from([[1, 2, 3]], [0]);
    assert.throws(() => samplePicture(rows.x, 0), hasCode('SHAPE_MISMATCH'));
  });

  it('show weights: blue below zero, red above, on one scale', () => {
    // Two units of a dense layer on pictures of 2 x 1.
    const kernel = new HostArray([2, 2], Float32Array.of(1, -0.5, 0, -1));
    const [first, second] = weightPictures(kernel, [2, 1])!;
    assert.deepEqual([...first!.data], [255, 0, 0, 255, 255, 255]);
    assert.deepEqual([...second!.data], [128, 128, 255, 0, 0, 255]);
    assert.equal(weightPictures(new HostArray([3, 3, 2, 8], new Float32Array(144)), [])!.length, 8);
    assert.equal(weightPictures(kernel, [3]), undefined);
  });
});

function chunksOf(file: Buffer): Map<string, Buffer> {
  assert.equal(file.subarray(1, 4).toString(), 'PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(file.subarray(at + 4, at + 8 + length)));
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
}
