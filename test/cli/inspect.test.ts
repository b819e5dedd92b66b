import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folderWithDigits } from './digits.js';
import { cnn } from './run-cnn.js';

let folder: string;

before(async () => {
  folder = await folderWithDigits(700);
  const args = ['train', '--model', 'softmax', '--data', 'digits.csv', '--epochs', '2', '--quiet'];
  const { code, stderr } = await cnn(args, { cwd: folder });
  assert.equal(code, 0, stderr);
});
after(() => rmSync(folder, { recursive: true }));

test('a healthy run: summary, weights, no finding', async () => {
  const { code, stdout, stderr } = await cnn(['inspect'], { cwd: folder });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Total params: 7,850/);
  assert.match(stdout, /^dense\/kernel +784 x 10 /m);
  assert.match(stdout, /nothing is wrong/);
});

test('what the history of a run shows is found', async () => {
  const file = path.join(folder, 'runs', 'softmax-1', 'history.csv');
  const before = readFileSync(file, 'utf8');
  const rows = ['1,1', '0.8,NA', '0.6,0.5', '0.5,NA', '0.4,1', '0.3,NA', '0.2,1', '0.2,NA', '0.1,1'];
  writeFileSync(file, ['epoch,loss,val_loss', ...rows.map((row, i) => `${i},${row}`)].join('\n'));
  try {
    const { code, stdout, stderr } = await cnn(['inspect', 'softmax-1', '--json', '--quiet'], {
      cwd: folder,
    });
    assert.deepEqual([code, stderr], [0, '']);
    const { event, findings, weights } = JSON.parse(stdout);
    assert.equal(event, 'result');
    assert.deepEqual(
      weights.map(({ name }: { name: string }) => name),
      ['kernel', 'bias'],
    );
    assert.deepEqual(
      findings.map(({ code, evidence }: { code: string; evidence: object }) => [code, evidence]),
      [['overfitting', { onset: 3, lowest: 0.5, now: 1, threshold: 1.05 }]],
    );
  } finally {
    writeFileSync(file, before);
  }
});

test('train --find-lr says a rate, and neither trains nor writes', async () => {
  const args = [
    'train',
    '--model',
    'softmax',
    '--data',
    'digits.csv',
    '--out',
    'none',
    '--find-lr',
    '--json',
    '--quiet',
  ];
  const { code, stdout, stderr } = await cnn(args, { cwd: folder });
  assert.deepEqual([code, stderr], [0, '']);
  const { event, rates, losses, suggested } = JSON.parse(stdout);
  assert.equal(event, 'learning-rates');
  assert.equal(rates.length, losses.length);
  assert.ok(suggested > 1e-4 && suggested < 10, String(suggested));
  assert.ok(!existsSync(path.join(folder, 'none')));
});

test('curves, weights and activations are drawn', async () => {
  const args = ['inspect', 'softmax-1', '--curves', '--filters', '--activations', '2', '--quiet'];
  const { code, stdout } = await cnn(args, { cwd: folder });
  assert.equal(code, 0);
  assert.match(stdout, /^loss .*training.*validation$/m);
  assert.match(stdout, /^weights of the first layer: /m);
  assert.match(stdout, /^Sample 2 \(\d\) through the layers\nflatten: 784\n/m);
  assert.match(stdout, /^dense: 10$/m);
  assert.match(stdout, /[▀▄█]{3}/);
  const { code: none, stderr } = await cnn(['inspect', '--activations', '999999'], { cwd: folder });
  assert.equal(none, 1);
  assert.match(stderr, /999999/);
});

test('--pictures writes them as SVG and PNG', async () => {
  const { stdout } = await cnn(['inspect', '--pictures', 'seen', '--json', '--quiet'], { cwd: folder });
  const names = JSON.parse(stdout).pictures.map((file: string) => path.basename(file));
  assert.deepEqual(names.sort(), [
    'activations.png',
    'activations.svg',
    'curve-accuracy.png',
    'curve-accuracy.svg',
    'curve-loss.png',
    'curve-loss.svg',
    'filters.png',
    'filters.svg',
  ]);
  for (const name of names) assert.ok(existsSync(path.join(folder, 'seen', name)));
});
