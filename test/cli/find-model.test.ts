import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { type FoundModel, findModel } from '../../src/cli/find-model.js';
import { Output } from '../../src/cli/output.js';
import { findInterrupted } from '../../src/cli/resume.js';
import { type RunConfig, RunFolder } from '../../src/cli/run-folder.js';
import type { ErrorCode } from '../../src/errors.js';

const home = process.cwd();
const root = mkdtempSync(path.join(tmpdir(), 'cnn-find-'));
after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

/** Keeps what it is told. */
class Recorder extends Output {
  readonly warnings: string[] = [];
  readonly infos: string[] = [];
  override warn(line: string): void {
    this.warnings.push(line);
  }
  override info(line: string): void {
    this.infos.push(line);
  }
}

let output: Recorder;
let folders = 0;
/** Each test works in a folder of its own, where `runs` is looked for. */
beforeEach(() => {
  const folder = path.join(root, String(folders++));
  mkdirSync(folder);
  process.chdir(folder);
  output = new Recorder();
});

function config(started = '2026-01-01T00:00:00.000Z'): RunConfig {
  return { model: 'mlp', data: 'mnist', format: 'auto', started };
}

async function finished(name: string, started?: string): Promise<RunFolder> {
  const run = await RunFolder.create('runs', name, config(started));
  writeFileSync(run.best, '');
  return run;
}

const find = (given?: string): Promise<FoundModel> => findModel(given, output);
const coded = (code: ErrorCode) => (error: unknown) => (error as { code?: string }).code === code;

/** Folders in `runs` that are no runs, with a `config.json` all the same. */
function strangers(): string[] {
  const contents: Record<string, string | undefined> = {
    another: '{"model_type": "bert", "vocab_size": 30522}',
    damaged: '{"model": "mlp", "data',
    empty: '',
    'other-format': JSON.stringify({ ...config('2030-01-01'), format: 'parquet' }),
    'a-folder': undefined,
  };
  for (const [name, content] of Object.entries(contents)) {
    const file = path.join('runs', name, 'config.json');
    mkdirSync(content === undefined ? file : path.dirname(file), { recursive: true });
    if (content !== undefined) writeFileSync(file, content);
    writeFileSync(path.join('runs', name, 'best.keras'), '');
    writeFileSync(path.join('runs', name, 'checkpoint.safetensors'), '');
  }
  return Object.keys(contents).map((name) => path.join('runs', name));
}

test('the newest run is the one that started last and has a model', async () => {
  await finished('mlp', '2026-03-01T00:00:00.000Z');
  const expected = await finished('cnn', '2026-03-02T00:00:00.000Z');
  await finished('mlp', '2026-02-01T00:00:00.000Z');
  await RunFolder.create('runs', 'mlp', config('2026-04-01T00:00:00.000Z'));
  mkdirSync('runs/something');
  writeFileSync('runs/notes.txt', '');
  assert.equal((await find()).file, expected.best);
  assert.deepEqual(output.warnings, []);
});

test('folders that are no runs are passed over, with a warning that names them', async () => {
  const names = strangers();
  const { best, checkpoint } = await finished('mlp');
  assert.equal((await find()).file, best);
  assert.equal(output.warnings.length, 1);
  for (const name of names) assert.ok(output.warnings[0]!.includes(name), output.warnings[0]);
  writeFileSync(checkpoint, '');
  const { run } = await findInterrupted('', 'runs', output);
  assert.equal(run.checkpoint, checkpoint);
  assert.equal(output.warnings.length, 2);
});

test('of many only some are named', async () => {
  for (let i = 0; i < 9; i++) {
    mkdirSync(`runs/${i}`, { recursive: true });
    writeFileSync(`runs/${i}/config.json`, '{}');
  }
  await find();
  assert.match(output.warnings[0]!, /runs\/0, runs\/1, runs\/2, runs\/3, runs\/4 and 4 more/);
});

test('where no run is left it says so, and takes the model that comes along', async () => {
  strangers();
  const { file, config } = await find();
  assert.deepEqual([path.resolve(file), config], [path.join(home, 'models/mlp.keras'), undefined]);
  assert.match(output.infos[0]!, /no run in .*runs has a model/);
  await assert.rejects(findInterrupted('', 'runs', output), coded('FILE_NOT_FOUND'));
});

test('without a folder of runs it is the model that comes along, without a word', async () => {
  assert.equal(path.resolve((await find()).file), path.join(home, 'models/mlp.keras'));
  assert.deepEqual([output.warnings, output.infos], [[], []]);
});

test('a config.json that is named is refused, however large or whatever it is', async () => {
  for (const name of strangers()) {
    const code = name.endsWith('a-folder') ? 'FILE_UNREADABLE' : 'FILE_CORRUPT';
    await assert.rejects(find(name), coded(code), name);
  }
  mkdirSync('large');
  writeFileSync('large/config.json', '');
  truncateSync('large/config.json', 2 ** 33);
  await assert.rejects(find('large'), coded('DATA_INVALID'));
});

test('neither a device nor a pipe is waited for', { skip: process.platform === 'win32' }, async () => {
  mkdirSync('runs/device', { recursive: true });
  symlinkSync('/dev/zero', 'runs/device/config.json');
  mkdirSync('runs/pipe');
  execFileSync('mkfifo', ['runs/pipe/config.json']);
  mkdirSync('runs/circle');
  symlinkSync('config.json', 'runs/circle/config.json');
  await find();
  assert.match(output.warnings[0]!, /circle.*device.*pipe/);
});

test('a model is found by its run and by its file, and knows its settings', async () => {
  const run = await finished('mlp');
  writeFileSync(run.last, '');
  assert.deepEqual(await find(run.path), { file: run.best, config: config() });
  assert.deepEqual(await find('mlp-1'), { file: run.best, config: config() });
  assert.deepEqual(await find(run.last), { file: run.last, config: config() });
  writeFileSync('alone.keras', '');
  assert.deepEqual(await find('alone.keras'), { file: 'alone.keras', config: undefined });
  assert.deepEqual(output.warnings, []);
});

test('a model beside a config.json of something else is a file without settings', async () => {
  writeFileSync('config.json', '{"name": "something else"}');
  writeFileSync('alone.keras', '');
  assert.deepEqual(await find('alone.keras'), { file: 'alone.keras', config: undefined });
  assert.match(output.warnings[0]!, /config\.json/);
});

test('a run that was stopped in its first epoch is scored by its last state', async () => {
  const run = await RunFolder.create('runs', 'mlp', config());
  await assert.rejects(find(run.path), coded('FILE_NOT_FOUND'));
  writeFileSync(run.last, '');
  assert.equal((await find(run.path)).file, run.last);
});

test('what cannot be read is told: a folder in place of the model, a manifest that is none', async () => {
  const run = await RunFolder.create('runs', 'mlp', config());
  mkdirSync(run.best);
  await assert.rejects(find(run.path), coded('FILE_UNREADABLE'));
  const other = await finished('mlp');
  for (const text of ['', '{}', '{"sha256": null}', '[]', '{"sha256": {"best.keras": 1}}']) {
    writeFileSync(path.join(other.path, 'manifest.json'), text);
    await assert.rejects(find(other.path), coded('FILE_CORRUPT'), text);
  }
  rmSync(path.join(other.path, 'manifest.json'));
  mkdirSync(path.join(other.path, 'manifest.json'));
  await assert.rejects(find(other.path), coded('FILE_UNREADABLE'));
});
