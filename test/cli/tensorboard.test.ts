import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readScalars } from '../../src/report/tensorboard/scalars.js';
import { readEvents } from '../report/tensorboard/read-events.js';
import { folderWithDigits } from './digits.js';
import { cnn } from './run-cnn.js';

const isEvents = (name: string) => name.includes('tfevents');

/** Steps of a curve. */
async function stepsOf(folder: string, tag: string): Promise<number[]> {
  return (await readScalars(folder)).get(tag)!.map(({ step }) => step);
}

test('a run that was stopped and goes on has each epoch once, in the same event files', async (t) => {
  const folder = await folderWithDigits(420);
  t.after(() => rmSync(folder, { recursive: true }));
  const args = ['train', '--data', 'digits.csv', '--model', 'softmax', '--epochs', '6', '--tensorboard'];
  let isStopped = false;
  const first = await cnn(args, {
    cwd: folder,
    onStderr(child, text) {
      if (isStopped || !text.includes('Epoch 2/')) return;
      isStopped = true;
      child.kill('SIGTERM');
    },
  });
  assert.equal(first.code, 143, first.stderr);
  const run = path.join(folder, 'runs', 'softmax-1');
  const files = () =>
    ['train', 'validation', '.'].map((part) => readdirSync(path.join(run, part)).filter(isEvents));
  const before = files();
  const second = await cnn(['train', '--resume'], { cwd: folder });
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(files(), before);
  for (const part of ['train', 'validation']) {
    assert.deepEqual(await stepsOf(path.join(run, part), 'epoch_loss'), [0, 1, 2, 3, 4, 5]);
    assert.equal(readEvents(path.join(run, part)).values.get('epoch_loss')!.length, 6);
  }
});

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
