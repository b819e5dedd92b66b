// The maximum after ReLU, taken before it: the same numbers and gradients.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { relu } from '../../src/activations/relu.js';
import { maxPool } from '../../src/ops/max-pool.js';
import { jit } from '../../src/runtime/jit.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';

/** Windows of negative numbers, of equal ones, of zeros, and others. */
const IMAGE = [
  [-1, -2, 3, 3, 0, -1],
  [-3, -4, 3, 1, -2, 0],
  [5, -1, -1, 2, 0, 0],
  [0.5, 7, 2, -3, 0, 0],
].map((row) => row.map((value) => [value]));

type Pool = typeof maxPool;

describe('maxPool after relu', () => {
  for (const mode of MODES) {
    it(`has values and gradients of the two in their order, ${mode.name}`, async () => {
      await enter(mode);
      const x = tf.tensor4d([IMAGE]);
      const dy = tf.tensor4d(
        [
          [
            [[1], [2], [3]],
            [[4], [5], [6]],
          ],
        ].map((image) => image),
      );
      const run = (pool: Pool, after: (y: tf.Tensor) => tf.Tensor) =>
        mode
          .compile((images: tf.Tensor) => {
            const f = (input: tf.Tensor) => pool(after(input) as tf.Tensor4D, [2, 2], [2, 2], 'same');
            const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => f(input))(images, dy);
            return [value, grad];
          })(x)
          .map((tensor) => [...tensor.dataSync()]);
      const plainly: Pool = (images, size, strides, pad) => tf.maxPool(images, size, strides, pad);
      assert.deepEqual(
        run(maxPool, relu),
        run(plainly, (y) => y.relu()),
      );
      assert.deepEqual(
        run(maxPool, (y) => y),
        run(plainly, (y) => y),
      );
    });
  }

  it('has ReLU look at the maxima only', async () => {
    await enter(MODES[1]!);
    const f = jit((x: tf.Tensor) => maxPool(relu(x) as tf.Tensor4D, [2, 2], [2, 2], 'valid'));
    assert.match(f.trace(tf.tensor4d([IMAGE])).toString(), /MaxPool\(.*\n.*\[1,2,3,1\] = Relu\(/);
  });
});
