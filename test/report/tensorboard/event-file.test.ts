import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { image } from '../../../src/report/image.js';
import { EventFile } from '../../../src/report/tensorboard/event-file.js';
import { histogram } from '../../../src/report/tensorboard/histogram.js';
import { hasCode } from '../../codes.js';
import { parse, readEvents, readRecords } from './read-events.js';

describe('EventFile', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'events-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('writes records that begin with the version, under a name of their own', async () => {
    const [one, two] = await Promise.all([EventFile.create(folder), EventFile.create(folder)]);
    assert.notEqual(one.file, two.file);
    assert.match(path.basename(one.file), /^events\.out\.tfevents\.\d+\..+\.v2$/);
    one.scalar('loss', 0.5, 300);
    await one.flush();
    one.scalar('loss', 0.25, 301);
    await one.flush();
    const records = readRecords(readFileSync(one.file));
    assert.equal(records.length, 3);
    assert.equal(String(parse(records[0]!).get(3)![0]), 'brain.Event:2');
    const [first, second] = readEvents(folder).values.get('loss')!;
    assert.deepEqual([first!.step, first!.plugin, first!.tensor.get(5)], [300, 'scalars', [0.5]]);
    assert.deepEqual([second!.step, second!.tensor.get(5)], [301, [0.25]]);
  });

  it('holds histograms, pictures, text, settings and graphs', async () => {
    const within = path.join(folder, 'within', 'deep');
    const events = await EventFile.create(within);
    events.histogram('weights', Float32Array.of(0, 1, 1, 2), 1);
    events.images('digits', [image(1, 1, 1, Uint8Array.of(7))], 2);
    events.text('note', '**bold**', 3);
    events.hyperparameters({ optimizer: 'adam', rate: 0.001, jit: true });
    events.graph(Buffer.from('graph'));
    events.layers('mine', [{ name: 'first', className: 'Dense' }]);
    await events.flush();
    const { values, graphs } = readEvents(within);
    const weights = values.get('weights')![0]!;
    const buckets = weights.tensor.get(4)![0] as Buffer;
    assert.deepEqual([weights.plugin, buckets.length], ['histograms', 30 * 3 * 8]);
    assert.equal(buckets.readDoubleLE(16), 1);
    const digits = values.get('digits')![0]!.tensor.get(8) as Buffer[];
    assert.deepEqual(digits.slice(0, 2).map(String), ['1', '1']);
    assert.equal(digits[2]!.subarray(1, 4).toString(), 'PNG');
    assert.equal(String(values.get('note')![0]!.tensor.get(8)![0]), '**bold**');
    const start = parse(values.get('_hparams_/session_start_info')![0]!.content).get(3)![0] as Buffer;
    const names = parse(start)
      .get(1)!
      .map((entry) => String(parse(entry as Buffer).get(1)![0]));
    assert.deepEqual(names, ['optimizer', 'rate', 'jit']);
    assert.deepEqual(graphs.map(String), ['graph']);
    const chain = JSON.parse(String(values.get('keras')![0]!.tensor.get(8)![0])) as Record<string, unknown>;
    assert.deepEqual(chain.config, {
      name: 'mine',
      layers: [{ class_name: 'Dense', config: { name: 'first', dtype: 'float32' } }],
    });
  });

  it('says where it cannot write', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(EventFile.create(file), hasCode('WRITE_FAILED', file));
  });
});

describe('histogram', () => {
  it('counts every finite value once', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const buckets = histogram([...values, Number.NaN, Number.POSITIVE_INFINITY], 10);
    assert.equal(buckets.length, 10);
    assert.equal(
      buckets.reduce((sum, [, , count]) => sum + count, 0),
      1000,
    );
    assert.deepEqual([buckets[0]![0], buckets[9]![1]], [Math.min(...values), Math.max(...values)]);
    for (const [left, right, count] of buckets.slice(0, 9)) {
      assert.equal(values.filter((value) => value >= left && value < right).length, count);
    }
  });

  it('of equal values is one bucket, of none is empty', () => {
    assert.deepEqual(histogram([3, 3]), [[2.5, 3.5, 2]]);
    assert.deepEqual(histogram([Number.NaN]), []);
  });
});
