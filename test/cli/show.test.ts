import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Dataset } from '../../src/datasets/index.js';
import { cnn } from './run-cnn.js';

describe('cnn show', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'show-'));
    file = path.join(folder, 'digits.csv');
    // Pictures with as many lighted pixels in the upper left corner as the label says.
    const pixels = new Uint8Array(14 * 784);
    for (let i = 0; i < 14; i++) pixels.fill(255, i * 784, i * 784 + (i % 10));
    const labels = Uint8Array.from({ length: 14 }, (_, i) => i % 10);
    await Dataset.from(pixels, labels, { shape: [28, 28], numClasses: 10 }).toCsv(file);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('draws samples with their labels, side by side as they fit', async () => {
    const { code, stdout } = await cnn(['show', '3', '5', '--data', file]);
    const lines = stdout.split('\n');
    assert.equal(code, 0);
    assert.match(lines[0]!, /^3: 3 {26}5: 5$/);
    assert.match(lines[1]!, /^▀▀▀ {27}▀▀▀▀▀$/);
  });

  it('writes a PNG of the samples of another part', async () => {
    const png = path.join(folder, 'made', 'two.png');
    const { code, stdout } = await cnn([
      'show',
      '0',
      '1',
      '--data',
      file,
      '--part',
      'test',
      '--png',
      png,
      '--json',
    ]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).samples, [
      { index: 0, label: 2, name: '2' },
      { index: 1, label: 3, name: '3' },
    ]);
    const bytes = readFileSync(png);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [570, 280]);
  });

  it('writes an SVG of the samples with their labels', async () => {
    const svg = path.join(folder, 'made', 'two.svg');
    const { code, stdout } = await cnn(['show', '3', '5', '--data', file, '--svg', svg]);
    assert.equal(code, 0);
    assert.equal(stdout, `${svg}: 2 pictures, 3 5\n`);
    const document = readFileSync(svg, 'utf8');
    assert.equal(document.match(/<image [^>]*href="data:image\/png;base64,/g)?.length, 2);
    for (const label of ['3: 3', '5: 5']) assert.ok(document.includes(`>${label}</text>`), label);
  });

  it('refuses what is no index, or out of range', async () => {
    const wrong = await cnn(['show', 'x', '--data', file]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /INDEX/);
    const large = await cnn(['show', '99', '--data', file]);
    assert.equal(large.code, 1);
    assert.match(large.stderr, /99/);
    assert.equal((await cnn(['show'])).code, 2);
  });
});
