import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { directCall } from '../../src/runtime/direct-call.js';
import { memory, ready, Variable } from '../../src/runtime/index.js';
import { TunedCall } from '../../src/runtime/tuned-call.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';

await ready();

it('computes with the values that variables have, compiled by XLA or not', async () => {
  const before = memory();
  const weights = new Variable(tf.tensor2d([1, 2, 3, 4], [2, 2]));
  const call = directCall((x) => x.matMul(weights.read() as tf.Tensor2D), [1, 2], 'product')!;
  const run = () => [...call.run(Float32Array.of(1, 10))];
  assert.deepEqual(run(), [31, 42]);
  await call.compile();
  call.usesXla = true;
  assert.deepEqual(run(), [31, 42]);
  tf.tidy(() => weights.assignAdd(tf.ones([2, 2])));
  assert.deepEqual(run(), [42, 53]);
  call.usesXla = false;
  assert.deepEqual(run(), [42, 53]);
  call.dispose();
  weights.dispose();
  assert.equal(memory().functions, before.functions);
});

it('goes on where XLA does not know an operation', async () => {
  const crop = (x: tf.Tensor) =>
    tf.image.cropAndResize(
      x as tf.Tensor4D,
      tf.tensor2d([0, 0, 1, 1], [1, 4]),
      tf.tensor1d([0], 'int32'),
      [1, 1],
    );
  const call = directCall(crop, [1, 2, 2, 1], 'crop')!;
  await assert.rejects(call.compile(), hasCode('NATIVE_OP_FAILED'));
  const tuned = new TunedCall(call);
  for (let i = 0; i < 200; i++) {
    assert.deepEqual([...tuned.run(Float32Array.of(1, 2, 3, 4))], [2.5]);
    await turn();
  }
  tuned.dispose();
});
