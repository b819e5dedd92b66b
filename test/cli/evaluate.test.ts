import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folderWithDigits } from './digits.js';
import { cnn } from './run-cnn.js';

let folder: string;
/** What `cnn train` said of each run. */
const trained: { accuracy: number; loss: number }[] = [];

before(async () => {
  folder = await folderWithDigits(700);
  for (const model of ['softmax', 'mlp']) {
    const args = ['train', '--model', model, '--data', 'digits.csv', '--epochs', '2', '--json', '--quiet'];
    const { stdout } = await cnn(args, { cwd: folder });
    trained.push(JSON.parse(stdout.trim().split('\n').at(-1)!));
  }
});
after(() => rmSync(folder, { recursive: true }));

function evaluate(...args: string[]) {
  return cnn(['evaluate', ...args], { cwd: folder });
}

test('the newest run, on its own data, scores as after training', async () => {
  const { code, stdout, stderr } = await evaluate('--json', '--quiet');
  assert.deepEqual([code, stderr], [0, '']);
  const { event, model, samples, accuracy, loss } = JSON.parse(stdout);
  assert.deepEqual([event, model, samples], ['result', path.join('runs', 'mlp-1', 'best.keras'), 100]);
  assert.equal(accuracy, trained[1]!.accuracy);
  assert.ok(Math.abs(loss - trained[1]!.loss) < 1e-5);
});

test('a run by its name, which reaches --min-accuracy', async () => {
  const { accuracy } = trained[0]!;
  const { code, stdout, stderr } = await evaluate('softmax-1', '--min-accuracy', String(accuracy));
  assert.equal(code, 0, stderr);
  assert.ok(stdout.startsWith(`accuracy ${accuracy.toFixed(4)}, loss `), stdout);
});

test('a run by its folder, which misses --min-accuracy: exit 3, and the scores all the same', async () => {
  const { code, stdout } = await evaluate('runs/mlp-1', '--min-accuracy', '1');
  assert.equal(code, 3);
  assert.ok(stdout.startsWith(`accuracy ${trained[1]!.accuracy.toFixed(4)}, loss `), stdout);
});

test('--confusion counts every sample once', async () => {
  const { stdout } = await evaluate('--confusion', '--json');
  const { confusion, accuracy, samples } = JSON.parse(stdout) as {
    confusion: number[][];
    accuracy: number;
    samples: number;
  };
  assert.equal(
    confusion.flat().reduce((a, b) => a + b),
    samples,
  );
  const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  assert.ok(Math.abs(right / samples - accuracy) < 1e-6);
});

test('what is not there: exit 1, with what is near', async () => {
  const { code, stdout, stderr } = await evaluate('runs/mpl-1');
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /there is no run or model runs\/mpl-1.*Did you mean "runs\/mlp-1"\?/);
});

test('a file that is no model', async () => {
  writeFileSync(path.join(folder, 'notes.keras'), 'not a model');
  const { code, stderr } = await evaluate('notes.keras');
  assert.equal(code, 1);
  assert.match(stderr, /^error: .*notes\.keras/m);
  assert.doesNotMatch(stderr, /bug/);
});

test('--show-errors draws what is taken for another class, most sure first', async () => {
  const plain = await evaluate('--show-errors', '3');
  assert.equal(plain.stdout.match(/\d+: \d as \d, \d\.\d\d/g)?.length, 3);
  assert.match(plain.stdout, /[▀▄█]/);
  const { errors, accuracy } = JSON.parse((await evaluate('--show-errors', '1000', '--json')).stdout);
  assert.equal(errors.length, Math.round((1 - accuracy) * 100));
  const sure = errors.map(({ probability }: { probability: number }) => probability);
  assert.deepEqual(
    sure,
    [...sure].sort((a: number, b: number) => b - a),
  );
});

test('--pictures writes confusion, scores and mistakes as SVG and PNG', async () => {
  const { code, stdout } = await evaluate('--pictures', 'made/pictures', '--json', '--quiet');
  assert.equal(code, 0);
  const expected = ['confusion', 'scores', 'errors'].flatMap((name) =>
    ['svg', 'png'].map((extension) => path.join('made', 'pictures', `${name}.${extension}`)),
  );
  assert.deepEqual(JSON.parse(stdout).pictures, expected);
  for (const file of expected) {
    const start = readFileSync(path.join(folder, file)).toString('latin1', 0, 5);
    assert.match(start, file.endsWith('svg') ? /^<svg / : /^\x89PNG/);
  }
});

test('what cannot be read is told before TensorFlow is started, by every command that takes a model', async () => {
  const run = path.join(folder, 'runs', 'broken-1');
  mkdirSync(path.join(run, 'best.keras'), { recursive: true });
  copyFileSync(path.join(folder, 'runs', 'mlp-1', 'config.json'), path.join(run, 'config.json'));
  for (const args of [
    ['evaluate', run],
    ['inspect', run],
    ['export', run, '--to', 'made/model'],
    ['serve', '--model', run],
    ['predict', '--model', run, 'digits.csv'],
  ]) {
    const { code, stderr } = await cnn(args, { cwd: folder });
    assert.equal(code, 1, args[0]);
    assert.match(stderr, /broken-1/, args[0]);
    assert.doesNotMatch(stderr, /computing/, args[0]);
  }
  rmSync(run, { recursive: true });
});

test('without an argument, folders of other programs in runs/ are passed over, by name', async () => {
  const other = path.join(folder, 'runs', 'bert');
  mkdirSync(other);
  writeFileSync(path.join(other, 'config.json'), '{"model_type": "bert"}');
  const { code, stdout, stderr } = await evaluate('--json', '--quiet');
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).model, path.join('runs', 'mlp-1', 'best.keras'));
  assert.match(stderr, /^warning: passed over runs\/bert: .*\n$/);
  rmSync(other, { recursive: true });
});

test('a history that is none is told by inspect', async () => {
  const run = path.join(folder, 'runs', 'mlp-7');
  cpSync(path.join(folder, 'runs', 'mlp-1'), run, { recursive: true });
  rmSync(path.join(run, 'history.csv'));
  mkdirSync(path.join(run, 'history.csv'));
  const { code, stdout } = await cnn(['inspect', run, '--json', '--samples', '16'], { cwd: folder });
  assert.deepEqual([code, JSON.parse(stdout).code], [1, 'FILE_UNREADABLE']);
  rmSync(run, { recursive: true });
});
