// A batch or a kernel in parts, computed side by side, gives what the whole gives.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import {
  Layer,
  type LayerOptions,
  layers,
  loadModel,
  Sequential,
  setDevice,
  setRandomSeed,
  tf,
} from '../../src/index.js';
import { observeLayers } from '../../src/layers/observe.js';
import { gradientsOf, wholeGradient } from '../../src/models/gradients.js';
import type { Model } from '../../src/models/model.js';
import { undivided } from '../../src/models/parts.js';
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

const convolution = (options: object = {}) =>
  layers.conv2d({ filters: 4, kernelSize: 2, padding: 'same', ...options });
const image = { inputShape: [2, 2, 2] };

const MODELS: Record<string, () => Layer[]> = {
  'convolutions, softmax': () => [
    convolution({ activation: 'relu', ...image }),
    convolution(),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
  'a layer that looks across samples, in the middle': () => [
    convolution(image),
    new Centred(),
    layers.activation({ activation: 'relu' }),
    convolution(),
    layers.globalAveragePooling2d(),
  ],
  'batch normalization, at the ends too': () => [
    layers.batchNormalization(image),
    convolution(),
    layers.globalAveragePooling2d(),
    layers.batchNormalization(),
  ],
  'products whose kernels are in parts': () => [
    layers.flatten(image),
    layers.dense({ units: 8193, activation: 'tanh' }),
    layers.dense({ units: 65, activation: 'relu' }),
    layers.dense({ units: 1200, activation: 'relu' }),
    layers.dense({ units: 63, activation: 'relu' }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
};

const count = (graph: string, op: string) =>
  graph.split('\n').filter((line) => line.includes(`= ${op}(`)).length;

before(async () => {
  await setDevice('cpu', { intraOpThreads: 1, interOpThreads: 2 });
});

describe('a batch in parts', () => {
  for (const [name, makeLayers] of Object.entries(MODELS)) {
    for (const rows of [64, 101]) {
      it(`gives values and gradients of the whole: ${name}, ${rows} rows`, () => {
        setRandomSeed(1);
        const model = new Sequential(makeLayers());
        model.buildFor([null, ...image.inputShape]);
        const x = tf.randomUniform([rows, ...image.inputShape], -1, 1, 'float32', 7);
        const target = tf.randomUniform([rows, model.outputShape![1]!], 0, 1, 'float32', 8);
        const run = () =>
          tf.tidy(() => {
            const { value, gradients } = gradientsOf(model.trainableWeights, () =>
              model.apply(x, { training: true }).sub(target).square().mean(),
            );
            return [value, ...gradients.map(wholeGradient)];
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

  const graphOf = (model: Sequential, rows: number, training = false) =>
    tf.tidy(() =>
      jit((x: tf.Tensor) => model.apply(x, { training }))
        .trace(tf.zeros([rows, ...image.inputShape]))
        .toString(),
    );

  it('happens where there is enough for each core, and not where layers are looked at', () => {
    const model = new Sequential(MODELS['convolutions, softmax']!());
    assert.equal(count(graphOf(model, 1), 'Conv2D'), 2);
    assert.equal(count(graphOf(model, 63), 'Conv2D'), 2);
    assert.equal(count(graphOf(model, 64), 'Conv2D'), 4);
    assert.equal(count(graphOf(model, 100), 'Conv2D'), 4);
    const alone = [
      observeLayers(
        () => {},
        () => graphOf(model, 100),
      ),
      undivided(() => graphOf(model, 100)),
    ];
    for (const graph of alone) assert.equal(count(graph, 'Conv2D'), 2);
    model.dispose();
  });

  it('is one part in training for products, whose kernels are in parts where they are large', () => {
    const model = new Sequential(MODELS['products whose kernels are in parts']!());
    model.buildFor([null, ...image.inputShape]);
    assert.deepEqual(
      model.weights.map(({ parts }) => parts.map(({ shape }) => shape.at(-1))),
      [[4096, 4097], [4096, 4097], [32, 33], [32, 33], [600, 600], [600, 600], [63], [63], [3], [3]],
    );
    assert.equal(count(graphOf(model, 100, true), 'MatMul'), 8);
    // In use each core takes half of the rows through all layers, where there are many.
    assert.equal(count(graphOf(model, 256), 'MatMul'), 16);
    assert.equal(count(graphOf(model, 255), 'MatMul'), 8);
    model.dispose();
  });

  it('leaves a kernel in parts what it is: read, saved, loaded and exported whole', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-parts-'));
    const model = new Sequential(MODELS['products whose kernels are in parts']!());
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const x = tf.randomUniform([64, ...image.inputShape], -1, 1, 'float32', 1);
    const y = tf.randomUniform([64, 3], 0, 1, 'float32', 2);
    await model.fit(x, y, { verbose: 0, seed: 1 });
    await model.save(path.join(folder, 'model.keras'));
    const loaded = await loadModel(path.join(folder, 'model.keras'));
    assert.deepEqual(loaded.getWeights(), model.getWeights());
    const state = (of: Model) =>
      tf.tidy(() => of.optimizer.variables.map((variable) => [...variable.read().dataSync()]));
    assert.deepEqual(state(loaded), state(model));
    for (const each of [model, loaded]) await each.fit(x, y, { verbose: 0, seed: 2 });
    assert.deepEqual(loaded.getWeights(), model.getWeights());
    await model.export(path.join(folder, 'model.pb'));
    rmSync(folder, { recursive: true });
    model.dispose();
    loaded.dispose();
    tf.dispose([x, y]);
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
