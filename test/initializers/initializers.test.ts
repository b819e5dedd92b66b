import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { getInitializer } from '../../src/initializers/get.js';
import * as initializers from '../../src/initializers/index.js';
import { serialize } from '../../src/registry.js';
import { ready } from '../../src/runtime/backend.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import * as tf from '../../src/tf.js';
import { assertClose, oracle } from '../oracle/oracle.js';

before(ready);

const { cases } = oracle('initializers');

function draw(initializer: ReturnType<typeof getInitializer>, shape: readonly number[]): Float32Array {
  const tensor = initializer.initialize(shape);
  assert.deepEqual(tensor.shape, shape);
  assert.equal(tensor.dtype, 'float32');
  const data = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return data;
}

function statistics(data: Float32Array) {
  const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
  const moment = (power: number) => data.reduce((sum, v) => sum + (v - mean) ** power, 0) / data.length;
  return { mean, stddev: Math.sqrt(moment(2)), kurtosis: moment(4) / moment(2) ** 2 };
}

for (const { name, initializer, options, shape, value, sample } of cases) {
  test(name, () => {
    const tensors = tf.memory().numTensors;
    const made = getInitializer({ className: initializer, config: { ...options } });
    const data = draw(made, shape);
    if (value !== undefined) assertClose(data, value, 'value');
    if (sample !== undefined) {
      const own = statistics(data);
      // Each of the two samples strays by a standard error: six of them is far beyond chance.
      const error = (6 * sample.stddev) / Math.sqrt(sample.count);
      assert.ok(Math.abs(own.mean - sample.mean) < 2 * error, `mean ${own.mean}, Keras ${sample.mean}`);
      assert.ok(Math.abs(own.stddev - sample.stddev) < 2 * error, `deviation ${own.stddev}`);
      assert.ok(Math.abs(own.kurtosis - sample.kurtosis) < 0.2, `kurtosis ${own.kurtosis}`);
      const reach = sample.max - sample.min;
      if (sample.kurtosis < 2.6) {
        assert.ok(Math.max(...data) < sample.max + reach / 100, 'maximum');
        assert.ok(Math.min(...data) > sample.min - reach / 100, 'minimum');
      }
    }
    assert.equal(tf.memory().numTensors, tensors);
  });
}

for (const className of Object.keys(initializers.classes)) {
  test(`${className}: config round trip; the same one makes the same tensor again`, () => {
    const shape = [4, 6];
    const made = getInitializer({ className, config: {} });
    const again = getInitializer(JSON.parse(JSON.stringify(serialize(made))));
    assert.equal(again.constructor, made.constructor);
    assert.deepEqual(again.getConfig(), made.getConfig());
    const first = draw(made, shape);
    assert.deepEqual(draw(made, shape), first);
    if (!('seed' in made)) return;
    const seeded = (seed: number) => draw(getInitializer({ className, config: { seed } }), shape);
    assert.deepEqual(seeded(5), seeded(5));
    assert.notDeepEqual(seeded(5), seeded(6));
    assert.notDeepEqual(draw(again, shape), first);
    setRandomSeed(3);
    const fixed = draw(getInitializer(className), shape);
    setRandomSeed(3);
    assert.deepEqual(draw(getInitializer(className), shape), fixed);
  });
}

test('orthogonal: columns, or rows, of length one at right angles', () => {
  for (const [rows, columns] of [
    [6, 4],
    [4, 6],
    [5, 5],
  ]) {
    tf.tidy(() => {
      const q = initializers.orthogonal().initialize([rows!, columns!]) as tf.Tensor2D;
      const product = rows! < columns! ? q.matMul(q, false, true) : q.matMul(q, true, false);
      const off = product
        .sub(tf.eye(Math.min(rows!, columns!)))
        .abs()
        .max()
        .dataSync()[0]!;
      assert.ok(off < 1e-5, `${rows} by ${columns}: off by ${off}`);
    });
  }
});

test('names, wrong names, wrong options, wrong shapes', () => {
  assert.ok(getInitializer('glorot_uniform') instanceof initializers.GlorotUniform);
  assert.ok(getInitializer('glorotUniform') instanceof initializers.GlorotUniform);
  assert.throws(() => getInitializer('glorotUnifrom'), { code: 'UNKNOWN_NAME', message: /"glorotUniform"/ });
  assert.throws(() => getInitializer({} as never), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => initializers.randomNormal({ stdev: 1 } as never), {
    code: 'UNKNOWN_NAME',
    message: /"stddev"/,
  });
  assert.throws(() => initializers.randomNormal({ stddev: -1 }), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => initializers.glorotUniform({ seed: 1.5 }), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => initializers.varianceScaling({ mode: 'fan_in' as never }), {
    code: 'INVALID_ARGUMENT',
  });
  assert.throws(() => initializers.identity().initialize([2]), { code: 'SHAPE_MISMATCH' });
  assert.throws(() => initializers.orthogonal().initialize([2]), { code: 'SHAPE_MISMATCH' });
});
