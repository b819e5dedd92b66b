import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jit } from '../../src/runtime/jit.js';
import { nativeUpdate } from '../../src/runtime/op.js';
import { countVariables, Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';

const ascending = (rows: number, columns: number) =>
  tf.range(0, rows * columns).reshape([rows, columns]) as tf.Tensor2D;
const valuesOf = (variable: Variable) => tf.tidy(() => [...variable.read().dataSync()]);

describe('a variable in parts', () => {
  it('is read, assigned and changed as a whole, and gone with its parts', () => {
    const before = [tf.memory().numTensors, countVariables()];
    tf.tidy(() => {
      const whole = new Variable(ascending(2, 5), { name: 'kernel', columnParts: 2 });
      assert.deepEqual(
        whole.parts.map(({ name, shape }) => [name, ...shape]),
        [
          ['kernel_0', 2, 2],
          ['kernel_1', 2, 3],
        ],
      );
      assert.deepEqual(valuesOf(whole), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      assert.deepEqual(valuesOf(whole.parts[1]!), [2, 3, 4, 7, 8, 9]);
      whole.assignAdd(tf.ones([2, 5]));
      whole.assignSub(tf.fill([2, 5], 3));
      assert.deepEqual(valuesOf(whole), [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7]);
      whole.assign(tf.zeros([2, 5]));
      assert.deepEqual(valuesOf(whole.parts[0]!), [0, 0, 0, 0]);
      assert.throws(() => whole.assign(tf.zeros([5, 2])), hasCode('SHAPE_MISMATCH'));
      whole.dispose();
      assert.throws(() => whole.read(), hasCode('DISPOSED'));
    });
    assert.deepEqual([tf.memory().numTensors, countVariables()], before);
  });

  it('is refused by ops that change one resource, which take its parts', () => {
    tf.tidy(() => {
      const whole = new Variable(ascending(2, 4), { name: 'kernel', columnParts: 2 });
      const [rate, gradient] = [tf.scalar(1), tf.ones([2, 4])];
      const descend = (variable: Variable, by: tf.Tensor) =>
        nativeUpdate('ResourceApplyGradientDescent', [variable, rate, by]);
      assert.throws(() => descend(whole, gradient), hasCode('UNSUPPORTED'));
      for (const part of whole.parts) descend(part, tf.ones([2, 2]));
      assert.deepEqual(valuesOf(whole), [-1, 0, 1, 2, 3, 4, 5, 6]);
      whole.dispose();
    });
  });

  it('gives the value that it is bound to, in one part', () => {
    tf.tidy(() => {
      const whole = new Variable(ascending(2, 4), { columnParts: 2 });
      const other = tf.ones([2, 4]);
      whole.withValue(other, () => {
        assert.equal(whole.read(), other);
        assert.deepEqual(whole.readParts(), [other]);
      });
      assert.equal(whole.readParts().length, 2);
      whole.dispose();
    });
  });
});

it('a variable counts what may have changed it: assignments, traced or not, on any thread, and no reads', async () => {
  const variable = new Variable(tf.scalar(1));
  const other = new Variable(tf.scalar(1));
  const one = tf.scalar(1);
  const increase = jit(() => variable.assignAdd(one));
  const look = jit(() => variable.read().add(other.read()));
  let changes = variable.changes!;
  const hasChanged = () => {
    const old = changes;
    changes = variable.changes!;
    return changes !== old;
  };
  variable.assign(one);
  assert.ok(hasChanged());
  variable.assignAdd(one);
  assert.ok(hasChanged());
  increase();
  assert.ok(hasChanged());
  await increase.async();
  assert.ok(hasChanged());
  increase.trace();
  other.assign(one);
  tf.dispose([variable.read(), look(), await look.async()]);
  assert.ok(!hasChanged());
  assert.deepEqual(valuesOf(variable), [4]);
  for (const each of [increase, look, variable, other, one]) each.dispose();
});
