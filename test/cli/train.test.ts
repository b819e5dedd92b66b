import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folderWithDigits } from './digits.js';
import { type ChildOptions, cnn } from './run-cnn.js';

let folder: string;

before(async () => {
  folder = await folderWithDigits(840);
});
after(() => rmSync(folder, { recursive: true }));

function train(args: readonly string[], options: ChildOptions = {}) {
  return cnn(['train', '--data', 'digits.csv', ...args], { cwd: folder, ...options });
}

type Event = Record<string, unknown> & { event: string };

function eventsOf(stdout: string): Event[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

test('trains, scores and saves a run', async () => {
  const args = ['--model', 'softmax', '--lr', '0.1', '--epochs', '2', '--seed', '1', '--out', 'plain'];
  const { code, stdout, stderr } = await train(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^test accuracy 0\.[4-9]\d+, loss \d\.\d+ on 120 samples\n$/);
  assert.match(stderr, /^softmax: 7,850 parameters, sgd with learning rate 0\.1 falling to 0, .*seed 1$/m);
  // Not a terminal: one line an epoch, and nothing that only a terminal understands.
  assert.equal(stderr.match(/^Epoch \d\/2 - .*val_accuracy: /gm)?.length, 2);
  assert.ok(!/\r/.test(stdout + stderr) && !(stdout + stderr).includes('\u001b'));
  assert.match(stderr, /plain\/softmax-1/);
  const run = path.join(folder, 'plain', 'softmax-1');
  const names = ['best.keras', 'config.json', 'history.csv', 'last.keras', 'manifest.json', 'report.html'];
  assert.deepEqual(readdirSync(run).sort(), names);
  const { sha256 } = JSON.parse(readFileSync(path.join(run, 'manifest.json'), 'utf8'));
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(run, name)))
      .digest('hex');
  const sealed = names.filter((name) => name !== 'manifest.json');
  assert.deepEqual(sha256, Object.fromEntries(sealed.map((name) => [name, digest(name)])));
  const report = readFileSync(path.join(run, 'report.html'), 'utf8');
  const pictures = [
    'curve-loss',
    'curve-accuracy',
    'filters',
    'activations',
    'confusion',
    'scores',
    'errors',
  ];
  for (const picture of pictures) {
    for (const [extension, start] of [
      ['svg', `image/svg+xml;base64,${Buffer.from('<svg x').toString('base64')}`],
      ['png', 'image/png;base64,iVBORw0KGgo'],
    ] as const) {
      assert.ok(report.includes(`<a download="${picture}.${extension}" href="data:${start}`), picture);
    }
  }
  const config = JSON.parse(readFileSync(path.join(run, 'config.json'), 'utf8'));
  assert.equal(config.seed, 1);
  assert.equal(config.data, path.join(folder, 'digits.csv'));
  const [header, ...rows] = readFileSync(path.join(run, 'history.csv'), 'utf8').trim().split('\n');
  assert.deepEqual(header!.split(',').sort(), ['accuracy', 'epoch', 'loss', 'val_accuracy', 'val_loss']);
  assert.equal(rows.length, 2);
});

test('--json: an object a line on stdout, and --quiet: nothing on stderr', async () => {
  const { code, stdout, stderr } = await train([
    '--model',
    'softmax',
    '--epochs',
    '2',
    '--out',
    'json',
    '--json',
    '--quiet',
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  const events = eventsOf(stdout);
  assert.deepEqual(
    events.map(({ event }) => event),
    ['start', 'epoch', 'epoch', 'result'],
  );
  assert.deepEqual(
    events.slice(1, 3).map(({ epoch }) => epoch),
    [1, 2],
  );
  for (const name of ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds']) {
    assert.equal(typeof events[1]![name], 'number', name);
  }
  const { run, model, accuracy, samples } = events[3]!;
  assert.equal(run, path.join('json', 'softmax-1'));
  assert.ok(existsSync(path.join(folder, model as string)));
  assert.equal(samples, 120);
  assert.equal(typeof accuracy, 'number');
});

test('the same seed gives the same numbers', async () => {
  const args = ['--model', 'mlp', '--epochs', '1', '--seed', '5', '--out', 'seeds', '--json', '--quiet'];
  const scores = [];
  for (let i = 0; i < 2; i++) {
    const { loss, accuracy } = eventsOf((await train(args)).stdout).at(-1)!;
    scores.push({ loss, accuracy });
  }
  assert.deepEqual(scores[0], scores[1]);
});

test('a saved model is trained further', async () => {
  const first = await train(['--model', 'softmax', '--epochs', '3', '--out', 'further', '--json', '--quiet']);
  const { model } = eventsOf(first.stdout).at(-1)! as { model?: string };
  const second = await train(['--model', model!, '--epochs', '1', '--out', 'further', '--json', '--quiet']);
  assert.equal(second.code, 0, second.stderr);
  const loss = (stdout: string, epoch: number) => eventsOf(stdout)[epoch]!.loss as number;
  assert.ok(loss(second.stdout, 1) < loss(first.stdout, 1));
});

test('--dry-run checks everything and writes nothing', async () => {
  const { code, stdout } = await train(['--model', 'cnn', '--out', 'dry', '--dry-run']);
  assert.equal(code, 0);
  assert.match(stdout, /^dry run: /);
  assert.ok(!existsSync(path.join(folder, 'dry')));
});

test('--val-split 0 trains without validation', async () => {
  const { code, stderr } = await train([
    '--model',
    'softmax',
    '--epochs',
    '1',
    '--val-split',
    '0',
    '--out',
    'whole',
  ]);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /val_/);
});

test('--patience ends training early', async () => {
  const { stdout } = await train([
    '--model',
    'softmax',
    '--lr',
    '1e-30',
    '--epochs',
    '50',
    '--patience',
    '2',
    '--out',
    'patient',
    '--json',
    '--quiet',
  ]);
  const { epochs } = eventsOf(stdout).at(-1)! as { epochs?: number };
  assert.equal(epochs, 3);
});

test('bad data is told before anything is written', async () => {
  writeFileSync(path.join(folder, 'bad.csv'), '5,0,0\n');
  mkdirSync(path.join(folder, 'empty'));
  for (const data of ['bad.csv', 'missing.csv', 'empty']) {
    const args = ['train', '--data', data, '--out', 'none', '--json'];
    const { code, stdout, stderr } = await cnn(args, { cwd: folder });
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(`^error: .*${data}`, 'm'));
    assert.doesNotMatch(stderr, /^\s+at |bug/m);
    const [{ event, details }] = eventsOf(stdout) as [Event & { details: Record<string, unknown> }];
    assert.equal(event, 'error');
    if (data !== 'bad.csv') continue;
    assert.deepEqual(details, { file: data, row: 1, column: 4, expected: details.expected, received: '3' });
  }
  assert.ok(!existsSync(path.join(folder, 'none')));
});

test('a missing model and a file that is none', async () => {
  writeFileSync(path.join(folder, 'notes.txt'), 'not a model');
  for (const model of ['missing.keras', 'notes.txt']) {
    const { code, stderr } = await train(['--model', model, '--out', 'none']);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^error: .*${model}`, 'm'));
    assert.doesNotMatch(stderr, /bug/);
  }
});

test('a folder that cannot be written to is told before training', async () => {
  writeFileSync(path.join(folder, 'file'), '');
  const { code, stderr } = await train(['--model', 'softmax', '--out', 'file/runs']);
  assert.equal(code, 1);
  assert.match(stderr, /^error: cannot write into file\/runs/m);
  assert.doesNotMatch(stderr, /Epoch/);
});

test('a loss that is not finite: exit 1, and the last finite state stays', async () => {
  const args = ['--model', 'softmax', '--lr', '1e38', '--epochs', '3', '--out', 'nan', '--json'];
  const { code, stdout, stderr } = await train(args);
  assert.equal(code, 1, stderr);
  assert.equal(eventsOf(stdout).at(-1)!.code, 'NON_FINITE_LOSS');
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends training after saving, with ${code}`, async () => {
    const out = `stopped-${code}`;
    let isSent = false;
    const ended = await train(['--model', 'mlp', '--epochs', '10000', '--out', out, '--json'], {
      onStderr: (child, text) => {
        if (isSent || !text.includes('Epoch 2/')) return;
        isSent = true;
        child.kill(signal);
      },
    });
    assert.deepEqual([ended.code, ended.signal], [code, null], ended.stderr);
    const { event, model } = eventsOf(ended.stdout).at(-1)! as { event: string; model?: string };
    assert.equal(event, 'stopped');
    assert.equal(model, path.join(out, 'mlp-1', 'last.keras'));
    if (signal !== 'SIGINT') return;
    const scored = await cnn(['evaluate', model!], { cwd: folder });
    assert.equal(scored.code, 0, scored.stderr);
  });
}

test('--profile says where the time of a step goes, and writes a trace into the run', async () => {
  const args = [
    '--model',
    'softmax',
    '--epochs',
    '3',
    '--batch-size',
    '16',
    '--out',
    'profiled',
    '--profile',
  ];
  const { code, stdout, stderr } = await train(args);
  assert.equal(code, 0, stderr);
  for (const words of [/^profile of \d+ steps/m, / products$/m, / host$/m, / idle: /m, / dense$/m]) {
    assert.match(stdout, words);
  }
  const run = path.join(folder, 'profiled', 'softmax-1');
  const { traceEvents } = JSON.parse(readFileSync(path.join(run, 'trace.json'), 'utf8'));
  assert.ok(traceEvents.length > 0);
});
