import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import {
  checkWritable,
  findModel,
  newestModel,
  type RunConfig,
  RunFolder,
} from '../../src/cli/run-folder.js';
import type { ErrorCode } from '../../src/errors.js';

const root = mkdtempSync(path.join(tmpdir(), 'cnn-runs-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function freshFolder(): string {
  return path.join(root, String(folders++));
}

function config(started = '2026-01-01T00:00:00.000Z'): RunConfig {
  return { model: 'mlp', data: 'mnist', format: 'auto', started };
}

async function finished(out: string, name: string, started?: string): Promise<RunFolder> {
  const run = await RunFolder.create(out, name, config(started));
  writeFileSync(run.best, '');
  return run;
}

const coded = (code: ErrorCode) => (error: unknown) => (error as { code?: string }).code === code;

test('runs are numbered by model', async () => {
  const out = freshFolder();
  const names = [];
  for (const name of ['mlp', 'mlp', 'cnn', 'mlp']) {
    names.push(path.basename((await RunFolder.create(out, name, config())).path));
  }
  assert.deepEqual(names, ['mlp-1', 'mlp-2', 'cnn-1', 'mlp-3']);
});

test('a number is never used again, and other names do not count', async () => {
  const out = freshFolder();
  for (const name of ['mlp-9', 'mlp-deep-20', 'mlp-', 'mlp-30x'])
    mkdirSync(path.join(out, name), { recursive: true });
  assert.equal(path.basename((await RunFolder.create(out, 'mlp', config())).path), 'mlp-10');
});

test('runs that start together get folders of their own', async () => {
  const out = freshFolder();
  const runs = await Promise.all(Array.from({ length: 8 }, () => RunFolder.create(out, 'mlp', config())));
  assert.equal(new Set(runs.map((run) => run.path)).size, 8);
});

test('settings are read as they were written', async () => {
  const run = await RunFolder.create(freshFolder(), 'mlp', { ...config(), seed: 7 });
  assert.deepEqual((await RunFolder.open(run.path))?.config, { ...config(), seed: 7 });
});

test('a folder that is no run, and settings that are none', async () => {
  const folder = freshFolder();
  assert.equal(await RunFolder.open(folder), undefined);
  mkdirSync(folder);
  assert.equal(await RunFolder.open(folder), undefined);
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"model":"mlp"}',
    '{"model":1,"data":2,"format":3,"started":4}',
  ]) {
    writeFileSync(path.join(folder, 'config.json'), text);
    await assert.rejects(RunFolder.open(folder), coded('FILE_CORRUPT'), text);
  }
});

test('the newest run is the one that started last and has a model', async () => {
  const out = freshFolder();
  await finished(out, 'mlp', '2026-03-01T00:00:00.000Z');
  const expected = await finished(out, 'cnn', '2026-03-02T00:00:00.000Z');
  await finished(out, 'mlp', '2026-02-01T00:00:00.000Z');
  await RunFolder.create(out, 'mlp', config('2026-04-01T00:00:00.000Z'));
  mkdirSync(path.join(out, 'something'));
  writeFileSync(path.join(out, 'notes.txt'), '');
  assert.equal((await newestModel(out)).file, expected.best);
});

test('without a run it is the model that comes along', async () => {
  const { file, config } = await newestModel(freshFolder());
  assert.deepEqual([path.resolve(file), config], [path.resolve('models/mlp.keras'), undefined]);
});

test('a model is found by its run and by its file, and knows its settings', async () => {
  const out = freshFolder();
  const run = await finished(out, 'mlp');
  writeFileSync(run.last, '');
  assert.deepEqual(await findModel(run.path), { file: run.best, config: config() });
  assert.deepEqual(await findModel(run.last), { file: run.last, config: config() });
  const alone = path.join(out, 'alone.keras');
  writeFileSync(alone, '');
  assert.deepEqual(await findModel(alone), { file: alone, config: undefined });
});

test('a run that was stopped in its first epoch is scored by its last state', async () => {
  const run = await RunFolder.create(freshFolder(), 'mlp', config());
  await assert.rejects(findModel(run.path), coded('FILE_NOT_FOUND'));
  writeFileSync(run.last, '');
  assert.equal((await findModel(run.path)).file, run.last);
});

test('a folder that cannot be written to is told beforehand, and nothing is made', async () => {
  const folder = freshFolder();
  await checkWritable(path.join(folder, 'a', 'b'));
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'file'), '');
  await assert.rejects(checkWritable(path.join(folder, 'file', 'runs')), coded('WRITE_FAILED'));
  await assert.rejects(RunFolder.create(path.join(folder, 'file'), 'mlp', config()), coded('WRITE_FAILED'));
  assert.deepEqual(readdirSync(folder), ['file']);
});
