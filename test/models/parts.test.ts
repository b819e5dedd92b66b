// A batch computed in parts, side by side, gives what the whole gives.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  Layer,
  type LayerOptions,
  layers,
  Sequential,
  setDevice,
  setRandomSeed,
  tf,
} from '../../src/index.js';
import { observeLayers } from '../../src/layers/observe.js';
import { gradientsOf } from '../../src/models/gradients.js';
import { jit } from '../../src/runtime/jit.js';
import { threadsFor } from '../../src/runtime/threads.js';
import type { Shape } from '../../src/shape.js';

/** Looks across samples: takes the batch's mean off. */
class Centred extends Layer {
  static readonly className = 'Centred';

  constructor(options: LayerOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.sub(input.mean(0, true));
  }

  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}

const MODELS: Record<string, () => Layer[]> = {
  'products, softmax': () => [
    layers.dense({ units: 8, activation: 'relu', inputShape: [6] }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
  'a layer that looks across samples, in the middle': () => [
    layers.dense({ units: 8, inputShape: [6] }),
    new Centred(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
  'batch normalization, at the ends too': () => [
    layers.batchNormalization({ inputShape: [6] }),
    layers.dense({ units: 3, activation: 'softmax' }),
    layers.batchNormalization(),
  ],
};

const products = (graph: string) => graph.split('\n').filter((line) => line.includes('= MatMul(')).length;

before(async () => {
  await setDevice('cpu', { intraOpThreads: 1, interOpThreads: 2 });
});

describe('a batch in parts', () => {
  for (const [name, makeLayers] of Object.entries(MODELS)) {
    for (const rows of [64, 101]) {
      it(`gives values and gradients of the whole: ${name}, ${rows} rows`, () => {
        setRandomSeed(1);
        const model = new Sequential(makeLayers());
        model.buildFor([null, 6]);
        const x = tf.randomUniform([rows, 6], -1, 1, 'float32', 7);
        const target = tf.randomUniform([rows, 3], 0, 1, 'float32', 8);
        const run = () =>
          tf.tidy(() => {
            const { value, gradients } = gradientsOf(model.trainableWeights, () =>
              model.apply(x, { training: true }).sub(target).square().mean(),
            );
            return [value, ...gradients];
          });
        const parts = run().map((tensor) => [...tensor.dataSync()]);
        const whole = observeLayers(() => {}, run).map((tensor) => [...tensor.dataSync()]);
        parts.forEach((values, i) => {
          values.forEach((value, k) => {
            assert.ok(Math.abs(value - whole[i]![k]!) < 1e-6, `${i}, ${k}: ${value}, not ${whole[i]![k]}`);
          });
        });
        model.dispose();
        tf.dispose([x, target]);
      });
    }
  }

  it('happens for 32 rows a part and more, and not where layers are looked at', () => {
    const model = new Sequential(MODELS['products, softmax']!());
    const graphOf = (rows: number) =>
      tf.tidy(() =>
        jit((x: tf.Tensor) => model.apply(x))
          .trace(tf.zeros([rows, 6]))
          .toString(),
      );
    assert.equal(products(graphOf(63)), 2);
    assert.equal(products(graphOf(64)), 4);
    assert.equal(products(graphOf(1000)), 4);
    assert.equal(
      observeLayers(
        () => {},
        () => products(graphOf(1000)),
      ),
      2,
    );
    model.dispose();
  });

  it('leaves losses their logits', () => {
    const model = new Sequential([layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })]);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    model.setWeights([tf.tensor2d([200, 0, 0, 0, 0, 0], [2, 3]), tf.zeros([3])]);
    const x = tf.ones([64, 2]);
    const y = tf.tensor2d(Array.from({ length: 64 }, () => [0, 1, 0]));
    return model.evaluate(x, y, { batchSize: 64, verbose: 0 }).then(({ loss }) => {
      // From probabilities, which are 0 in float32, it would be the logarithm of epsilon: 16.
      assert.equal(loss, 200);
      model.dispose();
    });
  });
});

describe('threads', () => {
  const unset = { intraOpThreads: undefined, interOpThreads: undefined };

  it('are one for each op up to four cores', () => {
    assert.deepEqual(threadsFor(unset, 2), { intraOpThreads: 1, interOpThreads: 2 });
    assert.deepEqual(threadsFor(unset, 4), { intraOpThreads: 1, interOpThreads: 4 });
    assert.deepEqual(threadsFor(unset, 8), unset);
  });

  it('are as the program or the environment says', () => {
    assert.deepEqual(threadsFor({ intraOpThreads: 2 }, 2), { intraOpThreads: 2 });
    process.env.TF_NUM_INTRAOP_THREADS = '2';
    try {
      assert.deepEqual(threadsFor(unset, 2), unset);
    } finally {
      delete process.env.TF_NUM_INTRAOP_THREADS;
    }
  });
});
