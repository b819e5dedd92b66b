import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readEvents } from '../report/tensorboard/read-events.js';
import { folderWithDigits } from './digits.js';
import { cnn } from './run-cnn.js';

test('--tensorboard writes into the run what TensorBoard shows', async (t) => {
  const folder = await folderWithDigits(420);
  t.after(() => rmSync(folder, { recursive: true }));
  const args = ['train', '--data', 'digits.csv', '--model', 'softmax', '--epochs', '2', '--tensorboard'];
  const { code, stderr } = await cnn(args, { cwd: folder });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /tensorboard --logdir runs/);
  const run = path.join(folder, 'runs', 'softmax-1');
  const train = readEvents(path.join(run, 'train'));
  for (const tag of ['epoch_loss', 'dense/kernel/histogram', 'dense/output', 'samples', 'confusion_matrix']) {
    assert.ok(train.values.has(tag), tag);
  }
  assert.equal(train.graphs.length, 1);
  assert.equal(readEvents(path.join(run, 'validation')).values.get('epoch_accuracy')!.length, 2);
  assert.ok(readEvents(run).values.has('_hparams_/session_start_info'));
});
