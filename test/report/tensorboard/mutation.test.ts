// Whatever happens to an event file, reading it gives curves or an error with a code, soon and in little memory.
// `CNN_CAMPAIGN=full npm test -- mutation` runs a million of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { EventFile } from '../../../src/report/tensorboard/event-file.js';
import { record, records } from '../../../src/report/tensorboard/record.js';
import { scalarsIn } from '../../../src/report/tensorboard/scalars.js';
import { Bytes } from '../../../src/saving/bytes.js';
import { campaign, mutate } from '../../mutation.js';

const folder = mkdtempSync(path.join(tmpdir(), 'events-'));
after(() => rmSync(folder, { recursive: true }));

describe('damaged event files', async () => {
  const events = await EventFile.create(folder);
  events.scalar('epoch_loss', 0.5, 300);
  events.histogram('weights', [1, 2, 3], 0);
  events.text('note', '**bold**', 3);
  events.hyperparameters({ optimizer: 'adam', rate: 0.001 });
  events.layers('mine', [{ name: 'first', className: 'Dense' }]);
  events.scalar('epoch_loss', 0.25, 301);
  await events.flush();
  const whole = readFileSync(events.file);
  const messages = [...records(new Bytes('x', whole))].map(({ start, end }) => whole.subarray(start, end));

  it('as bytes', (t) =>
    campaign(t, [5000, 1_000_000], (random) => {
      scalarsIn([new Bytes('x', mutate(random, whole))]);
    }));

  it('in messages whose checksums are right', (t) =>
    campaign(t, [5000, 1_000_000], (random) => {
      scalarsIn([new Bytes('x', record(mutate(random, random.pick(messages))))]);
    }));
});
