import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../../src/runtime/doctor.js';
import { findLibrary } from '../../src/runtime/library.js';
import { bareEnvironment, fakeLibrary, temporaryFolder } from './fake-library.js';

test('a machine with a library: all checks, with a speed and the time of a step both ways', {
  skip: findLibrary() === undefined && 'no libtensorflow here',
}, async () => {
  const report = await examine();
  assert.equal(report.ok, true);
  assert.equal(report.mend, undefined);
  assert.deepEqual(
    report.checks.map((check) => check.name),
    ['node', 'library', 'trial', 'gpu', 'kernels', 'jit'],
  );
  assert.match(report.tensorflow!, /^\d+\.\d+/);
  assert.ok(report.gflops! > 0 && report.step!.jit > 0 && report.step!.eager > 0);
});

test('without a library, or with one that does not load: what failed, and the one command that mends it', async (t) => {
  const folder = temporaryFolder(t);
  const env = bareEnvironment(folder);
  const nothing = await examine({ env, cwd: folder });
  assert.equal(nothing.ok, false);
  assert.equal(nothing.checks.at(-1)?.name, 'library');
  if (process.platform === 'linux') assert.equal(nothing.mend, 'cnn setup');

  fakeLibrary(`${env.CNN_CACHE}/libtensorflow-2.21.0-${process.platform}-${process.arch}-cpu`);
  const garbage = await examine({ env, cwd: folder });
  assert.equal(garbage.checks.at(-1)?.name, 'trial');
  assert.equal(garbage.mend, 'cnn setup');

  const wrong = await examine({ env: { ...env, CNN_LIBTENSORFLOW: 'nowhere' }, cwd: folder });
  assert.equal(wrong.mend, 'unset CNN_LIBTENSORFLOW');
});
