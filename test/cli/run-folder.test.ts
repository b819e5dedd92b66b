import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { checkWritable, type RunConfig, RunFolder } from '../../src/cli/run-folder.js';
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

test('a folder that cannot be written to is told beforehand, and nothing is made', async () => {
  const folder = freshFolder();
  await checkWritable(path.join(folder, 'a', 'b'));
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'file'), '');
  await assert.rejects(checkWritable(path.join(folder, 'file', 'runs')), coded('WRITE_FAILED'));
  await assert.rejects(RunFolder.create(path.join(folder, 'file'), 'mlp', config()), coded('WRITE_FAILED'));
  assert.deepEqual(readdirSync(folder), ['file']);
});
