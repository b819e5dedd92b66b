import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jit } from '../../src/runtime/jit.js';
import { runAfter } from '../../src/runtime/run-after.js';
import * as tf from '../../src/tf.js';

it('ops of a trace wait for a tensor that they do not use; the results are the same, traced or not', () => {
  const fn = (x: tf.Tensor) =>
    tf.tidy(() => {
      const y = x.square();
      return y.add(runAfter(y, () => x.exp()));
    });
  const traced = jit(fn);
  const x = tf.tensor1d([1, -1]);
  const waiting = String(traced.trace(x))
    .split('\n')
    .filter((line) => line.endsWith('after others'));
  assert.equal(waiting.length, 1);
  assert.match(waiting[0]!, /Exp\(/);
  assert.deepEqual([...traced(x).dataSync()], [...fn(x).dataSync()]);
  traced.dispose();
});
