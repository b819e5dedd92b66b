import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { serialize } from '../../src/registry.js';
import { getRegularizer } from '../../src/regularizers/get.js';
import * as regularizers from '../../src/regularizers/index.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';
import { assertClose, oracle, values } from '../oracle/oracle.js';

before(ready);

for (const { name, regularizer, options, x, value, gradient } of oracle('regularizers').cases) {
  test(name, () => {
    const made = getRegularizer({ className: regularizer, config: { ...options } });
    const again = getRegularizer(JSON.parse(JSON.stringify(serialize(made))));
    tf.tidy(() => {
      const both = tf.valueAndGrad((w: tf.Tensor) => again.penalty(w));
      const { value: penalty, grad } = both(tf.tensor(values(x), x.shape));
      assertClose(penalty.dataSync(), value, 'value');
      assertClose(grad.dataSync(), gradient, 'gradient');
    });
  });
}

test('names, wrong names, wrong options', () => {
  assert.ok(getRegularizer('l1L2') instanceof regularizers.L1L2);
  assert.ok(getRegularizer('l1l2') instanceof regularizers.L1L2);
  assert.throws(() => getRegularizer('l3'), { code: 'UNKNOWN_NAME' });
  assert.throws(() => regularizers.l2({ l1: 1 } as never), { code: 'UNKNOWN_NAME', message: /"l2"/ });
  assert.throws(() => regularizers.l2({ l2: -1 }), { code: 'INVALID_ARGUMENT' });
});
