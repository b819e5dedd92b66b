import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getLoss } from '../../src/losses/get.js';
import { classes } from '../../src/losses/index.js';
import type { Loss } from '../../src/losses/loss.js';
import { rememberArgument } from '../../src/ops/argument.js';
import { serialize } from '../../src/registry.js';
import { native } from '../../src/runtime/native.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { assertClose, type LossCase, type OracleTensor, oracle, values } from '../oracle/oracle.js';

const { cases } = oracle('losses');

function tensor(value: OracleTensor): tf.Tensor {
  return tf.tensor(values(value), value.shape, value.dtype ?? 'float32');
}

function make({ loss, options }: Pick<LossCase, 'loss' | 'options'>): Loss {
  return getLoss({ className: loss, config: { ...options } });
}

/** The loss and the gradient of its sum with respect to the predictions. */
function valueAndGradient(loss: Loss) {
  return (yTrue: tf.Tensor, yPred: tf.Tensor, ...weight: tf.Tensor[]) => {
    const lossOf = (x: tf.Tensor) => loss.apply(yTrue, x, ...weight);
    return { value: lossOf(yPred), gradient: tf.grad((x) => lossOf(x).sum())(yPred) };
  };
}

for (const mode of MODES) {
  describe(`losses, ${mode.name}: values and gradients are Keras's`, () => {
    for (const c of cases) {
      it(c.name, async () => {
        await enter(mode);
        const before = counts();
        const run = mode.compile(valueAndGradient(make(c)));
        tf.tidy(() => {
          const weight = c.sampleWeight === undefined ? [] : [tensor(c.sampleWeight)];
          const { value, gradient } = run(tensor(c.yTrue), tensor(c.yPred), ...weight);
          assert.deepEqual(value.shape, c.value.shape);
          assertClose(value.dataSync(), c.value, 'value');
          assertClose(gradient.dataSync(), c.gradient, 'gradient');
        });
        run.dispose();
        assert.deepEqual(counts(), before);
      });
    }
  });
}

describe('losses: gradients are those of finite differences', () => {
  for (const c of cases.filter(({ name }) => !/extreme|certain/.test(name))) {
    it(c.name, async () => {
      await enter(MODES[0]!);
      tf.tidy(() => {
        const loss = make(c);
        const yTrue = tensor(c.yTrue);
        const weight = c.sampleWeight === undefined ? [] : [tensor(c.sampleWeight)];
        const start = values(c.yPred);
        const gradient = valueAndGradient(loss)(yTrue, tensor(c.yPred), ...weight).gradient.dataSync();
        const h = 1e-2;
        const at = (i: number, by: number) => {
          const moved = start.map((v, j) => (i === j ? v + by : v));
          return loss
            .apply(yTrue, tf.tensor(moved, c.yPred.shape), ...weight)
            .sum()
            .dataSync()[0]!;
        };
        const scale = Math.max(1, ...gradient.map(Math.abs));
        for (const [i, slope] of gradient.entries()) {
          // Between the slopes to both sides, for the kinks; float32 and curvature blur all of them.
          const slopes = [at(i, h) - at(i, 0), at(i, 0) - at(i, -h)].map((rise) => rise / h);
          const [low, high] = [Math.min(...slopes), Math.max(...slopes)];
          const blur = 0.02 * scale;
          assert.ok(
            low - blur <= slope && slope <= high + blur,
            `[${i}]: ${slope} is not in ${low} ... ${high}`,
          );
        }
      });
    });
  }
});

describe('losses', () => {
  it('have every class in the fixtures', () => {
    const tested = new Set(cases.map((c) => c.loss.toLowerCase()));
    assert.deepEqual(new Set(Object.keys(classes).map((name) => name.toLowerCase())), tested);
  });

  for (const c of cases) {
    it(`${c.name}: config makes an equal one`, () => {
      const loss = make(c);
      const again = getLoss(JSON.parse(JSON.stringify(serialize(loss))));
      assert.deepEqual(again.getConfig(), loss.getConfig());
      for (const [key, value] of Object.entries(c.options)) assert.equal(again.getConfig()[key], value);
    });
  }

  it('resolve the names and short names of Keras, and suggest one for an unknown name', () => {
    const names = {
      MeanSquaredError: ['mse', 'MSE', 'meanSquaredError', 'mean_squared_error', 'MeanSquaredError'],
      MeanAbsoluteError: ['mae', 'mean_absolute_error'],
      MeanAbsolutePercentageError: ['mape'],
      MeanSquaredLogarithmicError: ['msle'],
      BinaryCrossentropy: ['bce', 'binaryCrossentropy', 'binary_crossentropy'],
      KLDivergence: ['kld', 'KLD', 'kl_divergence', 'kullback_leibler_divergence'],
      LogCosh: ['logcosh', 'log_cosh'],
      SparseCategoricalCrossentropy: ['sparseCategoricalCrossentropy', 'sparse_categorical_crossentropy'],
    };
    for (const [className, words] of Object.entries(names)) {
      for (const word of words) assert.equal(getLoss(word).className, className, word);
    }
    const own = getLoss('mse');
    assert.equal(getLoss(own), own);
    assert.throws(() => getLoss('sparseCategoricalCrossEntropi'), {
      code: 'UNKNOWN_NAME',
      message: /"sparseCategoricalCrossentropy"/,
    });
  });

  it('take a function', async () => {
    await enter(MODES[0]!);
    const loss = getLoss(function doubled(yTrue, yPred) {
      return yPred.sub(yTrue).mul(2).squeeze([-1]);
    });
    assert.equal(loss.name, 'doubled');
    tf.tidy(() => {
      const value = loss.apply(tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [5]]), tf.tensor1d([1, 0.5]));
      assert.equal(value.dataSync()[0], (2 * 1 + 2 * 3 * 0.5) / 2);
    });
  });

  it('refuse options out of range', () => {
    const wrong: [string, Record<string, unknown>, string][] = [
      ['huber', { delta: 0 }, 'INVALID_ARGUMENT'],
      ['binaryCrossentropy', { labelSmoothing: 1.5 }, 'INVALID_ARGUMENT'],
      ['categoricalCrossentropy', { labelSmoothing: -1 }, 'INVALID_ARGUMENT'],
      ['meanSquaredError', { reduction: 'sumOverBatch' }, 'UNKNOWN_NAME'],
    ];
    for (const [className, config, code] of wrong)
      assert.throws(() => getLoss({ className, config }), { code });
  });

  it('refuse targets and weights that do not fit, where broadcasting would hide it', async () => {
    await enter(MODES[0]!);
    tf.tidy(() => {
      const predictions = tf.ones([4, 3]);
      for (const name of Object.keys(classes)) {
        const loss = getLoss(name);
        const targets = loss.targets === 'labels' ? tf.zeros([4], 'int32') : tf.ones([4, 3]);
        assert.throws(() => loss.apply(tf.ones([4, 2]), predictions), { code: 'SHAPE_MISMATCH' }, name);
        assert.throws(() => loss.apply(tf.ones([3]), predictions), { code: 'SHAPE_MISMATCH' }, name);
        assert.throws(() => loss.apply(targets, predictions, tf.ones([3])), { code: 'SHAPE_MISMATCH' }, name);
        assert.throws(
          () => loss.apply(targets, predictions, tf.ones([4, 2])),
          { code: 'SHAPE_MISMATCH' },
          name,
        );
      }
    });
  });

  it('take targets [n] for predictions [n, 1]', async () => {
    await enter(MODES[0]!);
    tf.tidy(() => {
      const value = getLoss('mse').apply(tf.tensor1d([1, 2], 'int32'), tf.tensor2d([[3], [5]]));
      assert.equal(value.dataSync()[0], (4 + 9) / 2);
    });
  });
});

describe('cross-entropies of probabilities whose logits are known are exact', () => {
  const logits = [
    [200, -200],
    [-200, 200],
  ];
  const targets = [
    [0, 1],
    [0, 1],
  ];
  for (const mode of MODES) {
    for (const name of ['categoricalCrossentropy', 'sparseCategoricalCrossentropy', 'binaryCrossentropy']) {
      it(`${name}, ${mode.name}`, async () => {
        await enter(mode);
        const link = name === 'binaryCrossentropy' ? 'sigmoid' : 'softmax';
        const loss = getLoss(name);
        const run = mode.compile((yTrue: tf.Tensor, x: tf.Tensor) => {
          const lossOf = (z: tf.Tensor) =>
            loss.apply(yTrue, rememberArgument(link, link === 'softmax' ? z.softmax() : z.sigmoid(), z));
          return { value: tf.tidy(() => lossOf(x)), gradient: tf.grad(lossOf)(x) };
        });
        tf.tidy(() => {
          const yTrue = loss.targets === 'labels' ? tf.tensor1d([1, 1], 'int32') : tf.tensor2d(targets);
          const { value, gradient } = run(yTrue, tf.tensor2d(logits));
          // Clipped probabilities would give 16 and no gradient.
          assertClose(value.dataSync(), { shape: [], data: [link === 'softmax' ? 200 : 100] }, 'value');
          const slope = link === 'softmax' ? 0.5 : 0.25;
          assertClose(gradient.dataSync(), { shape: [2, 2], data: [slope, -slope, 0, 0] }, 'gradient');
        });
        run.dispose();
      });
    }
  }
});

function counts() {
  return { tensors: tf.memory().numTensors, handles: native()?.binding.getNumOfTensors() };
}
