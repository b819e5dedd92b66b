import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findLibrary } from '../../src/runtime/library.js';
import { bareEnvironment, ccName, fakeLibrary, frameworkName, temporaryFolder } from './fake-library.js';

const platform = `${process.platform}-${process.arch}`;

test('nothing anywhere: undefined', (t) => {
  const cwd = temporaryFolder(t);
  assert.equal(findLibrary({ env: bareEnvironment(cwd), cwd }), undefined);
});

test('places are taken in their documented order', (t) => {
  const cwd = temporaryFolder(t);
  const env = { ...bareEnvironment(cwd), VIRTUAL_ENV: path.join(cwd, 'venv') };
  const find = () => findLibrary({ env, cwd });

  const python = fakeLibrary(path.join(cwd, 'venv/lib/python3.11/site-packages/tensorflow'));
  mkdirSync(path.join(cwd, 'venv/lib/python3.11/site-packages/tensorflow_cpu-2.20.1.dist-info'));
  const fromPython = find();
  assert.equal(fromPython?.cc, python);
  assert.deepEqual([fromPython.source, fromPython.version, fromPython.variant], ['python', '2.20.1', 'cpu']);

  const tfjs = fakeLibrary(path.join(cwd, 'node_modules/@tensorflow/tfjs-node/deps/lib'));
  writeFileSync(
    path.join(cwd, 'node_modules/@tensorflow/tfjs-node/package.json'),
    '{"name":"@tensorflow/tfjs-node"}',
  );
  assert.deepEqual([find()?.cc, find()?.source], [tfjs, 'tfjs-node']);

  const cached = fakeLibrary(path.join(cwd, `cache/libtensorflow-2.21.0-${platform}-cpu`));
  assert.deepEqual([find()?.cc, find()?.source, find()?.version], [cached, 'cache', '2.21.0']);

  const explicit = fakeLibrary(path.join(cwd, 'mine'));
  const byEnvironment = findLibrary({ env: { ...env, CNN_LIBTENSORFLOW: 'mine' }, cwd });
  assert.deepEqual([byEnvironment?.cc, byEnvironment?.source], [explicit, 'explicit']);
  const byOption = findLibrary({ path: explicit, env: { ...env, CNN_LIBTENSORFLOW: 'nowhere' }, cwd });
  assert.equal(byOption?.cc, explicit);
});

test('a folder of the cache counts only when both files are in it, and newer versions win', (t) => {
  const cwd = temporaryFolder(t);
  const env = bareEnvironment(cwd);
  const incomplete = fakeLibrary(path.join(cwd, `cache/libtensorflow-2.100.0-${platform}-cpu`));
  renameSync(incomplete, `${incomplete}.part`);
  fakeLibrary(path.join(cwd, `cache/libtensorflow-2.9.1-${platform}-cpu`));
  const newer = fakeLibrary(path.join(cwd, `cache/libtensorflow-2.21.0-${platform}-cpu`));
  assert.equal(findLibrary({ env, cwd })?.cc, newer);
});

test('variant gpu takes only a CUDA build, with cuSOLVER to be loaded first', (t) => {
  const cwd = temporaryFolder(t);
  const env = bareEnvironment(cwd);
  const cpu = fakeLibrary(path.join(cwd, `cache/libtensorflow-2.21.0-${platform}-cpu`));
  assert.equal(findLibrary({ env, cwd, variant: 'gpu' }), undefined);

  const root = path.join(cwd, `cache/libtensorflow-2.21.0-${platform}-gpu`);
  const cuda = fakeLibrary(path.join(root, 'tensorflow'));
  const cusolver = path.join(root, 'nvidia/cusolver/lib/libcusolver.so.11');
  mkdirSync(path.dirname(cusolver), { recursive: true });
  writeFileSync(cusolver, '');
  const found = findLibrary({ env, cwd, variant: 'gpu' });
  assert.deepEqual([found?.cc, found?.variant, found?.preload], [cuda, 'gpu', [cusolver]]);
  assert.equal(findLibrary({ env, cwd, variant: 'cpu' })?.cc, cpu);
});

test("other packages' NVIDIA libraries do not make a CPU wheel a CUDA build", (t) => {
  const cwd = temporaryFolder(t);
  const packages = path.join(cwd, '.venv/lib/python3.12/site-packages');
  fakeLibrary(path.join(packages, 'tensorflow'));
  mkdirSync(path.join(packages, 'tensorflow_cpu-2.21.0.dist-info'));
  mkdirSync(path.join(packages, 'nvidia/cusolver'), { recursive: true });
  const found = findLibrary({ env: bareEnvironment(cwd), cwd });
  assert.deepEqual([found?.variant, found?.preload], ['cpu', []]);
});

test("python3 on the path is asked for its folders, and TensorFlow's C archive tells its version", (t) => {
  const cwd = temporaryFolder(t);
  const packages = path.join(cwd, 'packages');
  fakeLibrary(path.join(packages, 'tensorflow'));
  mkdirSync(path.join(cwd, 'bin'));
  writeFileSync(path.join(cwd, 'bin/python3'), `#!/bin/sh\necho ${packages}\n`, { mode: 0o755 });
  assert.equal(findLibrary({ env: bareEnvironment(cwd), cwd })?.source, 'python');

  if (process.platform === 'darwin') return;
  const archive = path.join(cwd, 'archive');
  renameSync(fakeLibrary(path.join(archive, 'lib')), path.join(archive, 'lib/libtensorflow.so.2.18.0'));
  symlinkSync('libtensorflow.so.2.18.0', path.join(archive, 'lib/libtensorflow.so.2'));
  assert.equal(findLibrary({ path: archive })?.version, '2.18.0');
});

test('an explicit path that is missing or wrong is an error, never skipped', (t) => {
  const cwd = temporaryFolder(t);
  const env = bareEnvironment(cwd);
  fakeLibrary(path.join(cwd, `cache/libtensorflow-2.21.0-${platform}-cpu`));
  const refused = (given: string, code: string) => {
    assert.throws(() => findLibrary({ env: { ...env, CNN_LIBTENSORFLOW: given }, cwd }), { code });
    assert.throws(() => findLibrary({ path: given, env, cwd }), { code });
  };
  refused('nowhere', 'LIBRARY_NOT_FOUND');
  mkdirSync(path.join(cwd, 'empty'));
  refused('empty', 'LIBRARY_UNUSABLE');
  writeFileSync(path.join(cwd, 'text.so'), 'hello');
  refused('text.so', 'LIBRARY_UNUSABLE');
  const alone = fakeLibrary(path.join(cwd, 'alone'));
  refused(path.join('alone', frameworkName), 'LIBRARY_UNUSABLE');
  renameSync(path.join(cwd, 'alone', frameworkName), path.join(cwd, 'alone', 'gone'));
  refused(alone, 'LIBRARY_UNUSABLE');
  refused(path.join('alone', ccName), 'LIBRARY_UNUSABLE');
});
