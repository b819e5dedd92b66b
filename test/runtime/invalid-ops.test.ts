// No input kills the process: calls of ops with something wrong in them, in child processes.
// `CNN_CAMPAIGN=full npm test -- invalid-ops` runs 100,000 of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CnnError } from '../../src/errors.js';
import { ready } from '../../src/runtime/backend.js';
import type { Binding } from '../../src/runtime/binding.js';
import { DType } from '../../src/runtime/capi.js';
import type { Values } from '../../src/runtime/handles.js';
import { jit } from '../../src/runtime/jit.js';
import { native } from '../../src/runtime/native.js';
import { nativeOp } from '../../src/runtime/op.js';
import * as tf from '../../src/tf.js';
import type { Outcome } from './invalid-ops/child.js';

const CALLS = process.env.CNN_CAMPAIGN === 'full' ? 100_000 : 3_000;
const CHILD = fileURLToPath(new URL('invalid-ops/child.js', import.meta.url));

describe('random invalid calls of ops', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cnn-invalid-ops-'));
  after(() => rmSync(folder, { recursive: true }));

  it(`end ${CALLS} times in values or coded errors, and leak nothing`, () => {
    const progress = path.join(folder, 'call.json');
    const deaths: string[] = [];
    const total: Outcome = { values: 0, errors: 0, uncoded: [], leaks: [] };
    for (let from = 0; from < CALLS; ) {
      const child = spawnSync(process.execPath, [CHILD, `${from}`, `${CALLS}`, progress], {
        encoding: 'utf8',
      });
      if (child.status === 0) {
        const outcome = JSON.parse(child.stdout.trim().split('\n').at(-1)!) as Outcome;
        total.values += outcome.values;
        total.errors += outcome.errors;
        total.uncoded.push(...outcome.uncoded);
        total.leaks.push(...outcome.leaks);
        break;
      }
      const call = readFileSync(progress, 'utf8').split('\n')[0]!;
      deaths.push(`${child.signal ?? child.status} ${call} ${child.stderr.slice(-1000)}`);
      from = (JSON.parse(call) as { n: number }).n + 1;
    }
    assert.deepEqual(deaths, []);
    assert.deepEqual(total.uncoded, []);
    assert.deepEqual(total.leaks, []);
    assert.equal(total.values + total.errors, CALLS);
    assert.ok(
      total.values > CALLS / 10 && total.errors > CALLS / 3,
      'the calls are neither all right nor all wrong',
    );
  });
});

describe('a tensor that cannot be', () => {
  let binding: Binding;
  before(async () => {
    await ready();
    binding = native()!.binding;
  });

  const cases: [string, number[], number, unknown][] = [
    ['has a negative size', [-2, -2], DType.float32, new Float32Array(4)],
    ['has a fraction of a size', [1.5], DType.float32, new Float32Array(1)],
    ['has a size that is no number', [Number.NaN], DType.float32, new Float32Array(0)],
    ['has too many dimensions', Array(300).fill(1), DType.float32, new Float32Array(1)],
    ['has more elements than memory', [2 ** 40, 2 ** 40], DType.float32, new Float32Array(1)],
    ['has fewer values than its shape', [3], DType.int32, new Int32Array(2)],
    ['has values of another width', [2], DType.int64, new Int32Array(2)],
    ['is of a type that has no values', [1], DType.resource, new Uint8Array(1)],
    ['is of no type', [1], 1000, new Uint8Array(1)],
    ['holds strings that are not bytes', [1], DType.string, ['text']],
    ['holds strings but gives numbers', [1], DType.string, new Float32Array(1)],
    ['holds fewer strings than its shape', [2], DType.string, [new Uint8Array(1)]],
  ];
  for (const [name, shape, dtype, values] of cases) {
    it(`is refused: it ${name}`, () => {
      const alive = binding.getNumOfTensors();
      assert.throws(() => binding.createTensor(shape, dtype, values as Values), CnnError);
      assert.equal(binding.getNumOfTensors(), alive);
    });
  }
});

describe('a result larger than memory', () => {
  const calls: [string, () => tf.Tensor][] = [
    ['Fill', () => tf.fill([1e6, 1e6], 1)],
    ['Tile', () => tf.tile(tf.ones([10, 10]), [1e5, 1e6])],
    ['BroadcastTo', () => nativeOp('BroadcastTo', [tf.scalar(1), tf.tensor1d([1e6, 1e6], 'int32')])[0]!],
  ];
  for (const [op, call] of calls) {
    it(`is refused before it is made: ${op}`, () => {
      tf.tidy(() => {
        assert.throws(call, { code: 'OUT_OF_MEMORY' });
        assert.throws(() => jit(() => call())(), { code: 'OUT_OF_MEMORY' });
      });
    });
  }
});
