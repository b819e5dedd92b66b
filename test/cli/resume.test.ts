// Runs that are stopped or killed go on as if nothing had happened: same scores, same history, same weights.
import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { loadModel } from '../../src/models/index.js';
import { folderWithDigits } from './digits.js';
import { cnn, type Ended } from './run-cnn.js';

const KILLS = process.env.CNN_CAMPAIGN === 'full' ? 20 : 1;
const RUN = ['--model', 'mlp', '--data', 'digits.csv', '--epochs', '8', '--seed', '3', '--patience', '9'];

let folder: string;
let whole: Outcome;

before(async () => {
  folder = await folderWithDigits(500);
  whole = await outcomeOf('whole', await train(...RUN, '--out', 'whole'));
});
after(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly result: Record<string, unknown>;
  readonly history: string;
  readonly weights: readonly unknown[];
}

function train(...args: string[]): Promise<Ended> {
  return cnn(['train', '--json', ...args], { cwd: folder });
}

/** Trains until an epoch's line has come, then does something to the process. */
function trainUntil(epoch: number, act: (child: ChildProcess) => void, ...args: string[]): Promise<Ended> {
  let isDone = false;
  return cnn(['train', '--json', ...args], {
    cwd: folder,
    onStderr(child, text) {
      if (isDone || !text.includes(`Epoch ${epoch}/`)) return;
      isDone = true;
      act(child);
    },
  });
}

const eventsOf = ({ stdout }: Ended): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const codeOf = (ended: Ended) => eventsOf(ended).at(-1)!.code;

async function outcomeOf(out: string, ended: Ended): Promise<Outcome> {
  assert.equal(ended.code, 0, ended.stderr);
  const { event, loss, accuracy, epochs, bestEpoch, stopReason } = eventsOf(ended).at(-1)!;
  assert.equal(event, 'result');
  const run = path.join(folder, out, 'mlp-1');
  const names = ['best.keras', 'config.json', 'history.csv', 'last.keras', 'manifest.json', 'report.html'];
  assert.deepEqual(readdirSync(run).sort(), names);
  const model = await loadModel(path.join(run, 'last.keras'));
  const weights = model.getWeights();
  model.dispose();
  const result = { loss, accuracy, epochs, bestEpoch, stopReason };
  return { result, history: readFileSync(path.join(run, 'history.csv'), 'utf8'), weights };
}

test(`killed ${KILLS} times: --resume RUN goes on, past the lock of the dead process`, async () => {
  const kill = (child: ChildProcess) => setTimeout(() => child.kill('SIGKILL'), Math.random() * 100);
  const run = path.join('killed', 'mlp-1');
  for (let i = 0; i < KILLS; i++) {
    rmSync(path.join(folder, 'killed'), { recursive: true, force: true });
    const first = await trainUntil(2 + (i % 3), kill, ...RUN, '--out', 'killed');
    assert.equal(first.signal, 'SIGKILL');
    const second = await trainUntil(5, kill, '--resume', run);
    assert.equal(second.signal, 'SIGKILL', second.stderr);
    assert.deepEqual(await outcomeOf('killed', await train('--resume', run)), whole);
  }
});

test('stopped by SIGINT: it goes on, but not while its process lives, nor with other data', async () => {
  const run = path.join('busy', 'mlp-1');
  let second: Promise<Ended> | undefined;
  const first = await trainUntil(
    2,
    (child) => {
      child.kill('SIGSTOP');
      second = train('--resume', run).finally(() => {
        child.kill('SIGINT');
        child.kill('SIGCONT');
      });
    },
    ...RUN,
    '--out',
    'busy',
  );
  assert.equal(codeOf(await second!), 'LOCKED');
  assert.equal(first.code, 130, first.stderr);
  assert.match(first.stderr, /--resume busy\/mlp-1/);
  const digits = path.join(folder, 'digits.csv');
  const old = readFileSync(digits);
  appendFileSync(digits, `${old.toString().trim().split('\n').at(-1)}\n`);
  const checkpoint = readFileSync(path.join(folder, run, 'checkpoint.safetensors'));
  const changed = await train('--resume', run);
  assert.deepEqual([changed.code, codeOf(changed)], [1, 'CHECKPOINT_MISMATCH']);
  assert.ok(existsSync(path.join(folder, run, 'manifest.json')));
  const noted = path.join(folder, run, 'config.json');
  const config = readFileSync(noted, 'utf8');
  for (const strange of [{ jit: 'no' }, { epochs: -1 }, { optimizer: 'constructor' }]) {
    writeFileSync(noted, JSON.stringify({ ...JSON.parse(config), ...strange }));
    assert.equal(codeOf(await train('--resume', run)), 'FILE_CORRUPT', Object.keys(strange)[0]);
  }
  writeFileSync(noted, config);
  assert.deepEqual(readFileSync(path.join(folder, run, 'checkpoint.safetensors')), checkpoint);
  writeFileSync(digits, old);
  // What a process that was killed while it wrote leaves.
  for (const name of ['last.keras', 'history.csv', 'manifest.json']) {
    writeFileSync(path.join(folder, run, `${name}.0123456789ab.tmp`), '');
  }
  assert.deepEqual(await outcomeOf('busy', await train('--resume', '--out', 'busy')), whole);
});

test('what cannot go on is told', async () => {
  const finished = await train('--resume', path.join('whole', 'mlp-1'));
  assert.deepEqual([finished.code, codeOf(finished)], [1, 'FILE_NOT_FOUND']);
  assert.equal((await train('--resume', '--out', 'nowhere')).code, 1);
  assert.equal((await train('--resume', '--find-lr')).code, 2);
  const asModel = await train('--model', path.join('whole', 'mlp-1'));
  assert.deepEqual([asModel.code, codeOf(asModel)], [2, 'INVALID_ARGUMENT']);
  assert.match(asModel.stderr, /is a run.*--resume whole.mlp-1 goes on.*best\.keras/s);
  for (const other of ['--find-lr', '--profile']) assert.equal((await train('--dry-run', other)).code, 2);
  const both = await train('--resume', '--lr', '1');
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--lr/);
  assert.ok(!existsSync(path.join(folder, 'runs')));
});

test('a file of a run that was changed is not scored', async () => {
  const best = path.join(folder, 'whole', 'mlp-1', 'best.keras');
  const model = await loadModel(best);
  await model.save(best);
  model.dispose();
  const { code, stderr } = await cnn(['evaluate', path.join('whole', 'mlp-1')], { cwd: folder });
  assert.equal(code, 1);
  assert.match(stderr, /SHA-256/);
});
