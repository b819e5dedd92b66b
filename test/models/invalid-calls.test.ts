// No input kills the process: random models, options, data and calls, many of them wrong, in child processes.
// `CNN_CAMPAIGN=full npm test -- invalid-calls` makes 100,000 calls.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './invalid-calls/child.js';

const CALLS = process.env.CNN_CAMPAIGN === 'full' ? 100_000 : 1_500;
const CHILD = fileURLToPath(new URL('invalid-calls/child.js', import.meta.url));

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-invalid-calls-'));
after(() => rmSync(folder, { recursive: true }));

it(`${CALLS} random calls of the API end in values or coded errors`, (t) => {
  const progress = path.join(folder, 'case');
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [CHILD, '0', String(CALLS), progress],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  assert.equal(signal ?? status, 0, `case ${readFileSync(progress, 'utf8').trim()}: ${stderr.slice(-2000)}`);
  const { calls, errors, uncoded } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome;
  t.diagnostic(`${calls} calls, ${errors} refused`);
  assert.deepEqual(uncoded, []);
  assert.ok(errors > calls / 5 && errors < calls * 0.9, 'the calls are neither all right nor all wrong');
});
