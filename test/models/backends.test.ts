import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findLibrary } from '../../src/runtime/library.js';
import type { Trained } from './backends-child.js';

/** float32 sums differ in order from one backend to the next, and training adds that up. */
const TOLERANCE = 1e-3;

function train(backend: string): Trained {
  const child = fileURLToPath(new URL('./backends-child.js', import.meta.url));
  const env = { ...process.env, CNN_BACKEND: backend };
  const { stdout, stderr } = spawnSync(process.execPath, [child], { env, encoding: 'utf8' });
  assert.notEqual(stdout, '', stderr);
  const trained = JSON.parse(stdout) as Trained;
  assert.equal(trained.backend, backend);
  assert.deepEqual(trained.alive, [0, 0, 0, 0]);
  return trained;
}

let plain: Trained;
before(() => {
  plain = train('cpu');
});

test('plain JavaScript trains softmax, MLP and CNN', () => {
  for (const [model, results] of Object.entries(plain.results)) {
    assert.ok(results[2]! < results[0]!, `${model}: losses ${results.slice(0, 3)}`);
  }
});

for (const backend of ['wasm', 'libtensorflow']) {
  const missing = backend === 'libtensorflow' && findLibrary() === undefined;
  test(`${backend} trains them to the same numbers`, { skip: missing && 'no libtensorflow here' }, () => {
    for (const [model, results] of Object.entries(train(backend).results)) {
      plain.results[model]!.forEach((want, i) => {
        const difference = Math.abs(results[i]! - want);
        assert.ok(difference <= TOLERANCE * Math.max(1, want), `${model} [${i}]: ${results[i]}, not ${want}`);
      });
    }
  });
}
