// Products in bfloat16: near float32, and only the products.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  Callback,
  type Layer,
  layers,
  Sequential,
  setDevice,
  setRandomSeed,
  type TrainingControl,
  tf,
} from '../../src/index.js';
import { getPrecision, ofBfloat16, ofRounded } from '../../src/ops/precision.js';
import { multipliesBfloat16 } from '../../src/runtime/cpu.js';
import { nativeOp } from '../../src/runtime/op.js';

/** Notes the graph of a step. */
class GraphWatcher extends Callback {
  graph = '';

  override onTrainBegin(control: TrainingControl): void {
    this.graph = control.traceStep().toString();
  }
}

const MODELS: Record<string, () => Layer[]> = {
  dense: () => [
    layers.dense({ units: 8, activation: 'relu', inputShape: [6, 6, 2] }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
  convolutions: () => [
    layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [6, 6, 2] }),
    layers.depthwiseConv2d({ kernelSize: 3 }),
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }),
    layers.batchNormalization(),
    layers.globalAveragePooling2d(),
    layers.softmax(),
  ],
};

function trained(makeLayers: () => Layer[], precision: string, jit: boolean) {
  setRandomSeed(1);
  const model = new Sequential(makeLayers());
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', precision, jit });
  return model;
}

before(async () => {
  await setDevice('cpu', { intraOpThreads: 1, interOpThreads: 2 });
});

describe('precision', () => {
  for (const [name, makeLayers] of Object.entries(MODELS)) {
    it(`mixed_bfloat16 trains near float32, and traced as op by op: ${name}`, async () => {
      const x = tf.randomNormal([64, 6, 6, 2], 0, 1, 'float32', 1);
      const y = tf.oneHot(tf.range(0, 64, 1, 'int32').mod(tf.scalar(3, 'int32')) as tf.Tensor1D, 3).toFloat();
      const weightsAfter = async (precision: string, jit = true) => {
        const model = trained(makeLayers, precision, jit);
        await model.fit(x, y, { batchSize: 32, epochs: 2, verbose: 0, shuffle: false });
        const weights = model.getWeights().flatMap((weight) => [...weight.data]);
        model.dispose();
        return weights;
      };
      const [whole, mixed, eager] = [
        await weightsAfter('float32'),
        await weightsAfter('mixed_bfloat16'),
        await weightsAfter('mixed_bfloat16', false),
      ];
      const furthest = (a: number[], b: number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
      assert.ok(furthest(whole, mixed) < 0.02, `from float32: ${furthest(whole, mixed)}`);
      assert.ok(furthest(whole, mixed) > 1e-6, 'nothing was computed in bfloat16');
      assert.ok(furthest(eager, mixed) < 1e-5, `from op by op: ${furthest(eager, mixed)}`);
      tf.dispose([x, y]);
    });
  }

  it('casts the operands of products, forward and back, and nothing else', async () => {
    const model = trained(MODELS.dense!, 'mixed_bfloat16', true);
    const [x, y] = [tf.zeros([4, 6, 6, 2]), tf.zeros([4, 3])];
    const watcher = new GraphWatcher();
    await model.fit(x, y, { verbose: 0, callbacks: [watcher] });
    const { graph } = watcher;
    const types = [...graph.matchAll(/: (\w+)\[[^\]]*\] = (\w+)\(/g)].filter(
      ([, type]) => type === 'bfloat16',
    );
    const inBfloat16 = types.map(([, , op]) => op!);
    // Without instructions for bfloat16, operands are rounded to it and multiplied in float32.
    const isKnown = multipliesBfloat16();
    assert.deepEqual([...new Set(inBfloat16)].sort(), isKnown ? ['Cast', 'MatMul'] : ['Cast']);
    assert.equal(inBfloat16.filter((op) => op === 'MatMul').length, isKnown ? 5 : 0);
    assert.equal(graph.match(/= MatMul\(/g)?.length, 5);
    model.dispose();
    tf.dispose([x, y]);
  });

  it('multiplies to the same numbers with and without instructions for bfloat16', () => {
    const [a, b] = [
      tf.randomNormal([32, 48], 0, 1, 'float32', 1),
      tf.randomNormal([48, 16], 0, 1, 'float32', 2),
    ];
    const images = tf.randomNormal([4, 8, 8, 6], 0, 1, 'float32', 3);
    const kernel = tf.randomNormal([3, 3, 6, 8], 0, 1, 'float32', 4);
    const attributes = { strides: [1, 1, 1, 1], padding: 'SAME', data_format: 'NHWC' };
    const calls: [string, tf.Tensor[], Record<string, string | number[]>][] = [
      ['MatMul', [a, b], {}],
      ['Conv2D', [images, kernel], attributes],
    ];
    for (const [op, inputs, attrs] of calls) {
      const [short, rounded] = [ofBfloat16(op, inputs, attrs), ofRounded(op, inputs, attrs)];
      // One place of bfloat16 apart at most, where sums end near its middle.
      const apart = short.sub(rounded).abs().div(short.abs().add(1)).max().dataSync()[0]!;
      assert.ok(apart <= 2 ** -7, `${op}: ${apart}`);
      const whole = nativeOp(op, inputs, attrs)[0]!;
      assert.ok(rounded.sub(whole).abs().max().dataSync()[0]! > 1e-4, `${op}: nothing was rounded`);
    }
  });

  it('is known by its name', () => {
    assert.equal(getPrecision('mixedBfloat16'), 'mixed_bfloat16');
    assert.throws(() => new Sequential([]).compile({ loss: 'mse', precision: 'bfloat' }), {
      code: 'UNKNOWN_NAME',
    });
  });
});
