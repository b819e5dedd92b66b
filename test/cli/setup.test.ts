import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureLibrary } from '../../src/cli/ensure-library.js';
import { Output } from '../../src/cli/output.js';
import { findLibrary } from '../../src/runtime/library.js';
import { unsupportedPlatform } from '../../src/runtime/platform.js';
import { bareEnvironment, temporaryFolder } from '../runtime/fake-library.js';
import { folderWithDigits } from './digits.js';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const supported = unsupportedPlatform() === undefined;

function cnn(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { cwd, env, encoding: 'utf8' });
}

test('cnn setup says where the library lies', {
  skip: findLibrary()?.source !== 'cache' && 'no libtensorflow in the cache here',
}, (t) => {
  const { status, stdout } = cnn(temporaryFolder(t), process.env, 'setup', '--json');
  assert.equal(status, 0);
  const { event, path: cc } = JSON.parse(stdout) as { event: string; path: string };
  assert.equal(event, 'setup');
  assert.ok(path.isAbsolute(cc));
});

test('cnn setup without pip fails with 1, with a wrong --from with 2', {
  skip: !supported && 'no libtensorflow for this system',
}, (t) => {
  const cwd = temporaryFolder(t);
  const env = bareEnvironment(cwd);
  const withoutPip = cnn(cwd, env, 'setup', '--json');
  assert.equal(withoutPip.status, 1);
  assert.equal((JSON.parse(withoutPip.stdout) as { code: string }).code, 'SETUP_DOWNLOAD_FAILED');
  assert.equal(cnn(cwd, env, 'setup', '--from', 'nowhere.whl').status, 2);
});

test('cnn doctor without a library fails with 1 and one JSON object that tells how to mend it', (t) => {
  const cwd = temporaryFolder(t);
  const { status, stdout } = cnn(cwd, bareEnvironment(cwd), 'doctor', '--json');
  assert.equal(status, 1);
  const report = JSON.parse(stdout) as { ok: boolean; mend: string };
  assert.equal(report.ok, false);
  if (supported) assert.equal(report.mend, 'cnn setup');
  const forPeople = cnn(cwd, bareEnvironment(cwd), 'doctor');
  assert.equal(forPeople.status, 1);
  assert.ok(forPeople.stdout.trimEnd().endsWith(report.mend));
});

test('first use without a way to install: it is tried once in a while, and one line says why', {
  skip: !supported && 'no libtensorflow for this system',
}, async (t) => {
  const folder = await folderWithDigits(40);
  t.after(() => rmSync(folder, { recursive: true }));
  const tries = path.join(folder, 'tries');
  writeFileSync(tries, '');
  mkdirSync(path.join(folder, 'bin'));
  const pip = `#!/bin/sh
[ "$3" = --version ] && exit 0
[ "$3" = download ] && echo try >> '${tries}' && echo 'ERROR: the index is on holiday' >&2
exit 1`;
  writeFileSync(path.join(folder, 'bin', 'python3'), pip, { mode: 0o755 });
  const env = bareEnvironment(folder);
  const dryRun = ['train', '--data', 'digits.csv', '--model', 'softmax', '--dry-run'];
  for (const command of [dryRun, dryRun]) {
    const { status, stderr } = cnn(folder, env, ...command);
    assert.equal(status, 0, stderr);
    assert.equal(stderr.split('\n').filter((line) => line.includes('on holiday')).length, 1, stderr);
    assert.match(stderr, /cnn setup/);
  }
  assert.equal(readFileSync(tries, 'utf8'), 'try\n');
  assert.equal(cnn(folder, env, 'setup').status, 1);
  assert.equal(readFileSync(tries, 'utf8'), 'try\ntry\n', 'who asks for it is not told of an old failure');
  const mark = path.join(folder, 'cache', 'setup-failed.txt');
  const longAgo = Date.now() / 1000 - 3600;
  utimesSync(mark, longAgo, longAgo);
  await ensureLibrary(new Output({ quiet: true }), { env, cwd: folder });
  assert.equal(readFileSync(tries, 'utf8'), 'try\ntry\ntry\n');
});

test('first use with a library: nothing is said or done', {
  skip: findLibrary() === undefined && 'no libtensorflow here',
}, async () => {
  const output = new Output();
  output.info = output.warn = () => assert.fail('nothing to say');
  await ensureLibrary(output);
});
