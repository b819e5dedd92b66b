import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { readPicture } from '../../src/datasets/picture-file.js';
import { CnnError } from '../../src/errors.js';
import { crc32 } from '../../src/report/crc.js';
import { encodePng } from '../../src/report/image.js';
import { hasCode } from '../codes.js';

describe('readPicture', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'picture-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function plain(width: number, height: number, color: string) {
    return sharp({ create: { width, height, channels: 4, background: color } });
  }

  it('reads PNG and JPEG as shades of gray, large ones shrunk', async () => {
    const red = plain(1000, 500, '#f00');
    for (const bytes of [await red.clone().png().toBuffer(), await red.clone().jpeg().toBuffer()]) {
      const { width, height, data } = await readPicture(bytes);
      assert.deepEqual([width, height, data.length], [320, 160, 320 * 160]);
      for (const value of data) assert.ok(Math.abs(value - 76) <= 2, String(value));
    }
    const small = await readPicture(await plain(3, 2, '#fff').png().toBuffer());
    assert.deepEqual(small, { width: 3, height: 2, data: new Uint8Array(6).fill(255) });
  });

  it('reads palettes, 16 bits and gray with alpha', async () => {
    const gray = plain(4, 4, '#808080');
    for (const bytes of [
      await gray.clone().png({ palette: true }).toBuffer(),
      await gray.clone().toColourspace('rgb16').png().toBuffer(),
      await gray.clone().toColourspace('b-w').png().toBuffer(),
    ]) {
      const { data } = await readPicture(bytes);
      assert.equal(data.length, 16);
      for (const value of data) assert.ok(Math.abs(value - 128) <= 3, String(value));
    }
  });

  it('turns a photograph upright, as its camera was held', async () => {
    const lying = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#000' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { width, height } = await readPicture(lying);
    assert.deepEqual([width, height], [20, 40]);
  });

  it('puts what is transparent behind the ink: white behind dark, black behind light', async () => {
    for (const [ink, behind] of [
      [0, 255],
      [255, 0],
    ] as const) {
      const pixels = Uint8Array.from({ length: 64 }, (_, i) => [ink, ink, ink, i < 16 ? 255 : 0][i % 4]!);
      const bytes = await sharp(pixels, { raw: { width: 4, height: 4, channels: 4 } })
        .png()
        .toBuffer();
      const { data } = await readPicture(bytes);
      assert.deepEqual([...data.subarray(0, 4)], [ink, ink, ink, ink]);
      assert.deepEqual([...data.subarray(4)], new Array(12).fill(behind));
    }
  });

  it('refuses what is no PNG or JPEG, whatever its name says', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const gif = await plain(4, 4, '#fff').gif().toBuffer();
    for (const bytes of [svg, gif, Buffer.alloc(0), Buffer.from('hello')]) {
      const file = path.join(folder, 'digit.png');
      writeFileSync(file, bytes);
      await assert.rejects(readPicture(file), hasCode('DATA_INVALID', 'digit.png'));
    }
    await assert.rejects(readPicture(path.join(folder, 'none.png')), hasCode('FILE_NOT_FOUND', 'none.png'));
    await assert.rejects(readPicture(folder), hasCode('FILE_UNREADABLE', folder));
  });

  it('refuses what is cut or damaged anywhere', async () => {
    const pixels = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 251);
    const noise = sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } });
    for (const bytes of [await noise.clone().png().toBuffer(), await noise.clone().jpeg().toBuffer()]) {
      for (const part of [0.02, 0.3, 0.6, 0.9]) {
        const cut = bytes.subarray(0, Math.max(12, Math.floor(bytes.length * part)));
        await assert.rejects(readPicture(cut, 'cut'), hasCode('FILE_CORRUPT', 'cut'));
      }
    }
  });

  it('reads what is damaged, or says so; whatever byte it is', async () => {
    const pixels = Uint8Array.from({ length: 48 * 48 }, (_, i) => (i * 7919) % 251);
    const noise = sharp(pixels, { raw: { width: 48, height: 48, channels: 1 } });
    let refused = 0;
    for (const whole of [await noise.clone().png().toBuffer(), await noise.clone().jpeg().toBuffer()]) {
      for (let i = 0; i < 200; i++) {
        const bytes = Buffer.from(whole);
        bytes[(i * 7907) % bytes.length]! ^= 1 + ((i * 31) % 255);
        try {
          const { width, height, data } = await readPicture(bytes);
          assert.equal(data.length, width * height);
        } catch (error) {
          assert.ok(error instanceof CnnError, String(error));
          refused++;
        }
      }
    }
    assert.ok(refused > 50, String(refused));
  });

  it('does not decode a picture of too many pixels, nor open a file of too many bytes', async () => {
    // A header says it; there need not be any such data behind it.
    const bytes = Buffer.from(encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array(1) }));
    bytes.writeUInt32BE(9000, 16);
    bytes.writeUInt32BE(9000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await assert.rejects(readPicture(bytes, 'bomb'), hasCode('DATA_INVALID', '9000 x 9000'));
    const file = path.join(folder, 'long.png');
    writeFileSync(file, Buffer.alloc(2 ** 26 + 1));
    await assert.rejects(readPicture(file), hasCode('DATA_INVALID', 'long.png'));
  });
});
