import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { EventFile } from '../../../src/report/tensorboard/event-file.js';
import { record } from '../../../src/report/tensorboard/record.js';
import { readScalars } from '../../../src/report/tensorboard/scalars.js';
import { bytes, double, float, message, whole } from '../../../src/runtime/message.js';
import { hasCode } from '../../codes.js';

/** An event with one value, of the fields given. */
function event(step: number, tag: string, ...fields: Uint8Array[]): Uint8Array {
  const value = message(bytes(1, tag), ...fields);
  return record(message(double(1, 12.5), whole(2, step), bytes(5, bytes(1, value))));
}

const plugin = (name: string) => bytes(9, bytes(1, bytes(1, name)));
const packed = (value: number) => Buffer.from(Float32Array.of(value).buffer);

describe('readScalars', () => {
  let folder: string;
  let events: EventFile;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scalars-'));
    events = await EventFile.create(folder);
    events.scalar('loss', 0.5, 0);
    events.scalar('loss', 0.25, 300);
    events.scalar('rate', 0, 0);
    events.histogram('weights', [1, 2, 3], 0);
    events.hyperparameters({ units: 3 });
    events.graph(Buffer.from('graph'));
    await events.flush();
  });
  after(() => rmSync(folder, { recursive: true }));

  const pointsOf = (curves: Awaited<ReturnType<typeof readScalars>>) =>
    [...curves].map(([tag, points]) => [tag, points.map(({ step, value }) => [step, value])]);

  it('gives the curves of a file or a folder, and nothing else', async () => {
    const expected = [
      [
        'loss',
        [
          [0, 0.5],
          [300, 0.25],
        ],
      ],
      ['rate', [[0, 0]]],
    ];
    assert.deepEqual(pointsOf(await readScalars(events.file)), expected);
    const curves = await readScalars(folder);
    assert.deepEqual(pointsOf(curves), expected);
    assert.ok(Math.abs(curves.get('loss')![0]!.wallTime - Date.now() / 1000) < 600);
  });

  it('knows the ways in which others write numbers', async () => {
    const file = path.join(folder, 'of-others');
    const double2 = Buffer.from(Float64Array.of(0.125).buffer);
    writeFileSync(
      file,
      Buffer.concat([
        event(2, 'simple', float(2, 2)),
        event(1, 'simple', float(2, 3)),
        event(2, 'simple', float(2, 4)),
        event(0, 'packed', bytes(8, message(whole(1, 1), bytes(5, packed(5)))), plugin('scalars')),
        event(0, 'content', bytes(8, message(whole(1, 2), bytes(2, ''), bytes(4, double2)))),
        event(0, 'a list', bytes(8, message(whole(1, 1), bytes(2, bytes(2, whole(1, 1))), float(5, 1)))),
        event(0, 'whole numbers', bytes(8, message(whole(1, 3), whole(7, 1)))),
        event(0, 'for another plugin', float(2, 1), plugin('hparams')),
      ]),
    );
    assert.deepEqual(pointsOf(await readScalars(file)), [
      [
        'simple',
        [
          [1, 3],
          [2, 4],
        ],
      ],
      ['packed', [[0, 5]]],
      ['content', [[0, 0.125]]],
    ]);
  });

  for (const name of ['tensorflow', 'tensorboardx']) {
    it(`reads what ${name} wrote (test/oracle/events.py)`, async () => {
      const curves = await readScalars(`test/report/tensorboard/fixtures/${name}.tfevents`);
      const points = curves.get('loss')!.map(({ step, value }) => [step, value]);
      assert.deepEqual([...curves.keys()], ['loss']);
      assert.deepEqual(points, [
        [0, 0.5],
        [10, 0.25],
        [20, 0],
      ]);
    });
  }

  it('takes a file that is being written, and refuses one that is damaged', async () => {
    const file = path.join(folder, 'copy');
    const whole = readFileSync(events.file);
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length));
      const [first] = (await readScalars(file)).get('loss') ?? [];
      assert.equal(first?.value ?? 0.5, 0.5);
    }
    whole[60]! ^= 1;
    writeFileSync(file, whole);
    await assert.rejects(readScalars(file), hasCode('FILE_CORRUPT', file, 'checksum'));
    await assert.rejects(readScalars(path.join(folder, 'none')), hasCode('FILE_NOT_FOUND', 'none'));
    const empty = mkdtempSync(path.join(folder, 'empty-'));
    await assert.rejects(readScalars(empty), hasCode('FILE_NOT_FOUND', empty));
  });
});

describe('EventFile.goOn', () => {
  it('cuts off what came after a place, where the file is still as it was up to there', async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'scalars-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const events = await EventFile.create(folder);
    events.scalar('loss', 3, 0);
    await events.flush();
    const { place } = events;
    assert.equal(place.length, readFileSync(events.file).length);
    events.scalar('loss', 2, 1);
    await events.flush();
    appendFileSync(events.file, 'half a rec');
    const again = await EventFile.goOn(folder, place);
    assert.equal(again!.file, events.file);
    again!.scalar('loss', 1, 1);
    await again!.flush();
    const [first, second, ...rest] = (await readScalars(folder)).get('loss')!;
    assert.deepEqual([first!.value, second!.value, rest], [3, 1, []]);
    assert.equal(readFileSync(events.file).length, again!.place.length);

    const { name, length } = place;
    const outside = path.join('..', path.basename(folder), name);
    const left = readFileSync(events.file);
    for (const wrong of [
      { name: outside, length },
      { name: `${name}x`, length },
      { name, length: length - 1 },
      { name, length: left.length + 1 },
      { name, length: 0 },
      { name, length: -1 },
    ]) {
      assert.equal(await EventFile.goOn(folder, wrong), undefined);
    }
    assert.deepEqual(readFileSync(events.file), left);
    left[20]! ^= 1;
    writeFileSync(events.file, left);
    assert.equal(await EventFile.goOn(folder, place), undefined, 'damaged');
  });
});
