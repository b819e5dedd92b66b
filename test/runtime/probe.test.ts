import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { findLibrary, type Library } from '../../src/runtime/library.js';
import { probeLibrary } from '../../src/runtime/probe.js';
import { bareEnvironment, fakeLibrary, frameworkName, temporaryFolder } from './fake-library.js';

const real = findLibrary();
const hasCompiler = process.platform !== 'win32' && spawnSync('cc', ['--version']).status === 0;

function libraryAt(cc: string): Library {
  const framework = path.join(path.dirname(cc), frameworkName);
  return { cc, framework, version: undefined, source: 'explicit', variant: 'cpu', preload: [] };
}

test('a working library gives its version and devices, once per state of its files', {
  skip: real === undefined && 'no libtensorflow here',
}, async (t) => {
  const env = { ...process.env, CNN_CACHE: temporaryFolder(t) };
  const first = await probeLibrary(real!, { env });
  assert.match(first.version, /^\d+\.\d+\.\d+/);
  assert.ok(first.devices.some((device) => device.type === 'CPU'));
  assert.equal(first.cached, false);
  assert.deepEqual(await probeLibrary(real!, { env }), { ...first, cached: true });
});

test('garbage is refused with what the loader said, and known again until the file changes', async (t) => {
  const folder = temporaryFolder(t);
  const env = { ...process.env, CNN_CACHE: path.join(folder, 'cache') };
  const cc = fakeLibrary(folder);
  writeFileSync(cc, 'not a library');
  const probe = () => probeLibrary(libraryAt(cc), { env });
  const verdicts = () => readdirSync(path.join(folder, 'cache', 'probes')).length;
  await assert.rejects(probe(), { code: 'LIBRARY_UNUSABLE' });
  assert.equal(verdicts(), 1);
  await assert.rejects(probe(), { code: 'LIBRARY_UNUSABLE' });
  assert.equal(verdicts(), 1);
  utimesSync(cc, 1, 1);
  await assert.rejects(probe(), { code: 'LIBRARY_UNUSABLE' });
  assert.equal(verdicts(), 2);
  rmSync(cc);
  await assert.rejects(probe(), { code: 'LIBRARY_NOT_FOUND' });
});

test('a library that aborts or jumps into nowhere ends the child, not this process', {
  skip: !hasCompiler && 'no C compiler here',
}, async (t) => {
  const folder = temporaryFolder(t);
  const env = bareEnvironment(folder);
  const cc = fakeLibrary(folder);
  const compile = (file: string, source: string) => {
    const { status } = spawnSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', file], { input: source });
    assert.equal(status, 0);
  };
  compile(path.join(folder, frameworkName), 'int nothing;');
  compile(
    cc,
    `#include <stdio.h>
     #include <stdlib.h>
     __attribute__((constructor)) static void start() { fputs("needs AVX instructions\\n", stderr); abort(); }`,
  );
  await assert.rejects(probeLibrary(libraryAt(cc), { env }), (error: CnnError) => {
    assert.equal(error.code, 'LIBRARY_UNUSABLE');
    assert.match(error.message, /SIGABRT/);
    assert.match(error.message, /needs AVX instructions/);
    return true;
  });
  compile(cc, 'void* TF_NewStatus() { return 0; } const char* TF_Version() { return "2"; }');
  await assert.rejects(probeLibrary(libraryAt(cc), { env }), { code: 'LIBRARY_UNUSABLE' });
});

test('a cache folder that cannot be written costs the memory, not the probe', async (t) => {
  const folder = temporaryFolder(t);
  const cc = fakeLibrary(folder);
  writeFileSync(path.join(folder, 'file'), '');
  const env = { ...process.env, CNN_CACHE: path.join(folder, 'file', 'below') };
  await assert.rejects(probeLibrary(libraryAt(cc), { env }), (error: unknown) => {
    return error instanceof CnnError && error.code === 'LIBRARY_UNUSABLE';
  });
});
