import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import type { Dataset } from '../../src/datasets/dataset.js';
import * as mnist from '../../src/datasets/mnist.js';
import { layers, Sequential } from '../../src/index.js';
import { cnn } from './run-cnn.js';

const MODEL = path.resolve('models/mlp.keras');

describe('cnn predict', () => {
  let folder: string;
  let test: Dataset;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'predict-'));
    ({ test } = await mnist.load());
    await test.slice(0, 50).toCsv(path.join(folder, 'digits.csv'));
    for (let i = 0; i < 3; i++) {
      const pixels = test.image(i).map((value) => 255 - value) as Uint8Array;
      const sheet = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
        .resize(300, 300, { kernel: 'cubic' })
        .extend({ left: 200, right: 20, top: 10, bottom: 90, background: '#fff' });
      await sheet
        .clone()
        .png()
        .toFile(path.join(folder, `${i}.png`));
      await sheet.jpeg({ quality: 70 }).toFile(path.join(folder, `${i}.jpg`));
    }
    writeFileSync(path.join(folder, 'text.png'), 'not a picture');
    await sharp({ create: { width: 99, height: 99, channels: 3, background: '#fff' } })
      .png()
      .toFile(path.join(folder, 'blank.png'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function predict(args: readonly string[], stdin?: string | Buffer) {
    const ended = await cnn(['predict', '--model', MODEL, ...args], { cwd: folder, stdin });
    const events = args.includes('--json')
      ? ended.stdout
          .trim()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : [];
    return { ...ended, events };
  }

  it('says which digits are in pictures', async () => {
    const files = ['0.png', '0.jpg', '1.png', '1.jpg', '2.png', '2.jpg'];
    const { code, events } = await predict([...files, '--json', '--top', '2']);
    assert.equal(code, 0);
    const found = events.map(({ input, predictions }) => [input, predictions[0].name, predictions.length]);
    const expected = files.map((file) => [file, String(test.label(Number(file[0]))), 2]);
    assert.deepEqual(found, expected);
    for (const { predictions } of events) {
      const [first, second] = predictions;
      assert.ok(first.probability > second.probability && first.probability <= 1 && second.probability >= 0);
    }
  });

  it('scores the rows of a CSV as evaluate does', async () => {
    const { code, events } = await predict(['digits.csv', '--json', '--top', '1']);
    assert.equal(code, 0);
    const result = events.pop();
    assert.deepEqual(
      events.map(({ row, label }) => [row, label]),
      Array.from({ length: 50 }, (_, i) => [i + 1, test.label(i)]),
    );
    const right = events.filter(({ label, predictions }) => predictions[0].class === label).length;
    assert.deepEqual([result.samples, result.accuracy], [50, right / 50]);
    assert.ok(right > 45);
  });

  it('reads a picture or a CSV from stdin', async () => {
    const picture = await predict(['--json'], readFileSync(path.join(folder, '2.jpg')));
    assert.equal(picture.events[0].predictions[0].class, test.label(2));
    const row = [...test.image(4)].join(',');
    const csv = await predict(['-', '--json'], `${row}\n`);
    assert.deepEqual([csv.events.length, csv.events[0].row, csv.events[0].label], [1, 1, undefined]);
    assert.equal(csv.events[0].predictions[0].class, test.label(4));
  });

  it('prints a line for each, and draws what the model is given', async () => {
    const { stdout, code } = await predict(['0.png', '--show', '--quiet']);
    assert.equal(code, 0);
    assert.match(stdout, /^0\.png: 7 \(\d+\.\d %\), \d \(\d+\.\d %\), \d \(\d+\.\d %\)\n/);
    assert.match(stdout, /[▀▄█]{2}/);
  });

  it('tells what it cannot read, goes on with the rest, and exits with 1', async () => {
    const { code, events, stderr } = await predict([
      'text.png',
      'none.png',
      '.',
      'blank.png',
      '1.png',
      '--json',
    ]);
    assert.equal(code, 1);
    assert.deepEqual(
      events.map(({ event, code }) => [event, code]),
      [
        ['error', 'DATA_INVALID'],
        ['error', 'FILE_NOT_FOUND'],
        ['error', 'FILE_UNREADABLE'],
        ['error', 'DATA_INVALID'],
        ['prediction', undefined],
      ],
    );
    for (const name of ['text.png', 'none.png', 'blank.png']) assert.ok(stderr.includes(name), stderr);
    const empty = await predict(['--json'], '');
    assert.deepEqual([empty.code, empty.events[0].code], [1, 'DATA_INVALID']);
    const wrongRow = await predict(['--json'], '1,2,3\n');
    assert.deepEqual([wrongRow.code, wrongRow.events[0].code], [1, 'DATA_INVALID']);
  });

  it('where there is nothing to read it says so before TensorFlow is started', async () => {
    const { code, events, stderr } = await predict(['none.png', 'no.csv', '.', '--json']);
    assert.equal(code, 1);
    const codes = events.map(({ event, code }) => `${event} ${code}`);
    assert.deepEqual(codes, ['error FILE_NOT_FOUND', 'error FILE_NOT_FOUND', 'error FILE_UNREADABLE']);
    assert.doesNotMatch(stderr, /computing/);
  });

  it('asks a model of another shape, and refuses one that takes no gray pictures or tells no classes', async () => {
    const make = async (name: string, inputShape: number[], units: number) => {
      const model = new Sequential([
        layers.flatten({ inputShape }),
        layers.dense({ units, activation: 'softmax' }),
      ]);
      await model.save(path.join(folder, name));
      model.dispose();
    };
    await make('small.keras', [8, 10, 1], 3);
    await make('colour.keras', [8, 8, 3], 3);
    await make('one.keras', [28, 28], 1);
    const small = await predict(['0.png', '--model', 'small.keras', '--json']);
    assert.deepEqual([small.code, small.events[0].predictions.length], [0, 3]);
    for (const model of ['colour.keras', 'one.keras']) {
      const { code, events } = await predict(['0.png', '--model', model, '--json']);
      assert.deepEqual([code, events[0].code], [1, 'SHAPE_MISMATCH'], model);
    }
  });
});
