import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getLoss } from '../../src/losses/get.js';
import { classes as lossClasses } from '../../src/losses/index.js';
import { getMetric } from '../../src/metrics/get.js';
import { classes } from '../../src/metrics/index.js';
import type { Metric } from '../../src/metrics/metric.js';
import { native } from '../../src/runtime/native.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { assertClose, type MetricCase, type OracleTensor, oracle, values } from '../oracle/oracle.js';

const { cases } = oracle('metrics');

function tensor(value: OracleTensor): tf.Tensor {
  return tf.tensor(values(value), value.shape, value.dtype ?? 'float32');
}

function make({ metric, options, updates }: MetricCase): Metric {
  if (metric !== 'accuracy') return getMetric({ className: metric, config: { ...options } });
  const [first] = updates;
  return getMetric('accuracy', { outputShape: first!.yPred!.shape, targetShape: first!.yTrue!.shape });
}

/** What an update of a fixture gives to `update`. */
function argumentsOf({
  values: plain,
  yTrue,
  yPred,
  sampleWeight,
}: MetricCase['updates'][number]): tf.Tensor[] {
  return [plain, yTrue, yPred, sampleWeight].filter((value) => value !== undefined).map(tensor);
}

for (const mode of MODES) {
  describe(`metrics, ${mode.name}: results after each update are Keras's`, () => {
    for (const c of cases) {
      it(c.name, async () => {
        await enter(mode);
        const before = counts();
        const metric = make(c);
        const update = mode.compile((...args: tf.Tensor[]) =>
          metric.update(...(args as [tf.Tensor, tf.Tensor])),
        );
        const result = mode.compile(() => metric.result());
        const reset = mode.compile(() => metric.reset());
        // Twice: a reset forgets everything.
        for (let run = 0; run < 2; run++) {
          for (const [i, batch] of c.updates.entries()) {
            tf.tidy(() => {
              update(...argumentsOf(batch));
              const value = result();
              assert.deepEqual(value.shape, []);
              assertClose(value.dataSync(), batch.result, `after update ${i} of run ${run}`);
            });
          }
          reset();
        }
        for (const fn of [update, result, reset]) fn.dispose();
        metric.dispose();
        assert.deepEqual(counts(), before);
      });
    }
  });
}

describe('metrics', () => {
  it('have every class in the fixtures', () => {
    // CosineSimilarity and the like are there as metrics; FunctionLoss is of the user.
    const tested = new Set(cases.map((c) => c.metric.toLowerCase()));
    const missing = Object.keys(classes).filter((name) => !tested.has(name.toLowerCase()));
    assert.deepEqual(missing, []);
  });

  for (const c of cases) {
    it(`${c.name}: config makes an equal one`, () => {
      const metric = make(c);
      const config = JSON.parse(JSON.stringify(metric.getConfig()));
      const again = getMetric({ className: metric.className, config });
      assert.equal(again.constructor, metric.constructor);
      assert.deepEqual(again.getConfig(), metric.getConfig());
      for (const [key, value] of Object.entries(c.options)) assert.equal(config[key], value);
      metric.dispose();
      again.dispose();
    });
  }

  it('include every loss, under its names', () => {
    for (const name of [...Object.keys(lossClasses), 'mse', 'mean_squared_error', 'bce', 'kld']) {
      const metric = getMetric(name);
      assert.equal(metric.name, name);
      metric.dispose();
    }
    assert.throws(() => getMetric('meanSquaredErorr'), {
      code: 'UNKNOWN_NAME',
      message: /"meanSquaredError"/,
    });
    assert.throws(() => getMetric('acuracy'), { code: 'UNKNOWN_NAME', message: /"accuracy"/ });
    assert.throws(() => getMetric({} as never), { code: 'INVALID_ARGUMENT' });
  });

  it('resolve the word accuracy as Keras does', () => {
    const forms: [number[], number[], string][] = [
      [[4, 1], [4, 1], 'BinaryAccuracy'],
      [[4, 1], [4], 'BinaryAccuracy'],
      [[4, 3], [4], 'SparseCategoricalAccuracy'],
      [[4, 3], [4, 1], 'SparseCategoricalAccuracy'],
      [[4, 3], [4, 3], 'CategoricalAccuracy'],
    ];
    for (const [outputShape, targetShape, className] of forms) {
      for (const word of ['accuracy', 'acc', 'Accuracy']) {
        const metric = getMetric(word, { outputShape, targetShape });
        assert.deepEqual([metric.className, metric.name], [className, word]);
        metric.dispose();
      }
    }
  });

  it('take a loss, and a function', async () => {
    await enter(MODES[0]!);
    const loss = getMetric(getLoss('mae'));
    const own = getMetric(function largest(_yTrue, yPred) {
      return yPred.max(-1);
    });
    assert.deepEqual([loss.name, own.name], ['meanAbsoluteError', 'largest']);
    tf.tidy(() => {
      for (const metric of [loss, own]) metric.update(tf.tensor2d([[1, 2]]), tf.tensor2d([[2, 5]]));
      assert.deepEqual([loss.result().dataSync()[0], own.result().dataSync()[0]], [2, 5]);
    });
    loss.dispose();
    own.dispose();
  });

  it('are zero before the first update', async () => {
    await enter(MODES[0]!);
    for (const name of Object.keys(classes)) {
      const metric = getMetric(name);
      assert.equal(
        tf.tidy(() => metric.result().dataSync()[0]),
        0,
        name,
      );
      metric.dispose();
    }
  });

  it('refuse options out of range, and shapes that do not fit', async () => {
    await enter(MODES[0]!);
    for (const config of [{ k: 0 }, { k: 1.5 }]) {
      assert.throws(() => getMetric({ className: 'topKCategoricalAccuracy', config }), {
        code: 'INVALID_ARGUMENT',
      });
    }
    assert.throws(() => getMetric({ className: 'auc', config: { numThresholds: 1 } }), {
      code: 'INVALID_ARGUMENT',
    });
    tf.tidy(() => {
      for (const name of [
        'binaryAccuracy',
        'categoricalAccuracy',
        'sparseCategoricalAccuracy',
        'precision',
        'mse',
      ]) {
        const metric = getMetric(name);
        assert.throws(
          () => metric.update(tf.ones([4, 2]), tf.ones([4, 3])),
          { code: 'SHAPE_MISMATCH' },
          name,
        );
        metric.dispose();
      }
    });
  });

  it('do not count a prediction that is no number as a hit among the k largest', async () => {
    await enter(MODES[0]!);
    const metric = getMetric({ className: 'sparseTopKCategoricalAccuracy', config: { k: 1 } });
    tf.tidy(() => {
      metric.update(
        tf.tensor1d([0, 1], 'int32'),
        tf.tensor2d([
          [Number.NaN, 1],
          [Number.NaN, 1],
        ]),
      );
      assert.equal(metric.result().dataSync()[0], 0.5);
    });
    metric.dispose();
  });
});

function counts() {
  return {
    tensors: tf.memory().numTensors,
    variables: countVariables(),
    handles: native()?.binding.getNumOfTensors(),
  };
}
