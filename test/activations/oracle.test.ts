import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationName, getActivation } from '../../src/activations/get.js';
import { functions } from '../../src/activations/index.js';
import { argumentOf } from '../../src/ops/argument.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { assertClose, oracle, values } from '../oracle/oracle.js';

const { cases } = oracle('activations');

test('every activation has a case', () => {
  const covered = new Set(cases.map((c) => c.activation));
  assert.deepEqual(
    Object.keys(functions).filter((name) => !covered.has(name)),
    [],
  );
});

// Keras 3.15 adds up all partial sums where the paper takes the last: its rows of two or more do not add up to 1.
const ours = cases.filter(({ activation }) => activation !== 'sparsemax');

for (const { name, activation, options, x, y, dy, dx } of ours) {
  for (const mode of MODES) {
    test(`${name}, ${mode.name}`, async () => {
      await enter(mode);
      const fn = functions[activation as keyof typeof functions] as (x: tf.Tensor, o: object) => tf.Tensor;
      assert.notEqual(fn, undefined, 'there is no such activation');
      const tensors = tf.memory().numTensors;
      const both = (input: tf.Tensor, upstream: tf.Tensor) => {
        const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => fn(t, options))(input, upstream);
        return [value, grad];
      };
      const run = mode.compile(both);
      tf.tidy(() => {
        const input = tf.tensor(values(x), x.shape);
        const upstream = tf.tensor(values(dy), dy.shape);
        const [value, gradient] = run(input, upstream);
        assertClose(value!.dataSync(), y, 'y');
        assertClose(gradient!.dataSync(), dx, 'dx');
      });
      run.dispose();
      assert.equal(tf.memory().numTensors, tensors);
    });
  }
}

test('names in both spellings, functions as they are, typing errors with a suggestion', () => {
  assert.equal(getActivation('hard_sigmoid'), functions.hardSigmoid);
  assert.equal(getActivation('hardSigmoid'), functions.hardSigmoid);
  const own = (x: tf.Tensor) => x.square();
  assert.equal(getActivation(own), own);
  assert.throws(() => getActivation('rleu'), { code: 'UNKNOWN_NAME', message: /"relu"/ });
  for (const name of Object.keys(functions)) assert.equal(activationName(getActivation(name)), name);
});

for (const mode of MODES)
  test(`sparsemax: the nearest point of the simplex, with the gradient of its paper, ${mode.name}`, async () => {
    await enter(mode);
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1000, 1000, -1000, 999],
        [1, 2, 3, 4],
        [0, 0.25, 0.5, 0.25],
      ]);
      const dy = tf.tensor2d([1, 2, 3, 5, 1, 2, 3, 5, 1, 2, 3, 5], [3, 4]);
      const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => functions.sparsemax(t))(x, dy);
      assert.deepEqual(value.arraySync(), [
        [0.5, 0.5, 0, 0],
        [0, 0, 0, 1],
        [0, 0.25, 0.5, 0.25],
      ]);
      const third = 10 / 3;
      const expected = [-0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 2 - third, 3 - third, 5 - third];
      assertClose(grad.dataSync(), { shape: [3, 4], data: expected }, 'gradient');
      const down = functions.sparsemax(x.transpose(), { axis: 0 });
      assert.deepEqual(down.transpose().arraySync(), value.arraySync());
    });
  });

test('softmax and sigmoid remember their logits', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2]]);
    assert.equal(argumentOf('softmax', functions.softmax(x)), x);
    assert.equal(argumentOf('sigmoid', functions.sigmoid(x)), x);
    assert.equal(argumentOf('softmax', functions.softmax(x, { axis: 0 })), undefined);
  });
});
