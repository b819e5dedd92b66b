// What a model's output does not depend on is left out, and nothing changes by that.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Layer, type LayerOptions, layers, Sequential, setRandomSeed, tf } from '../../src/index.js';
import { observeLayers } from '../../src/layers/observe.js';
import { gradientsOf, wholeGradient } from '../../src/models/gradients.js';
import { neededStarts, shapesBetween } from '../../src/models/starts.js';
import type { Shape } from '../../src/shape.js';
import { enter, MODES } from '../modes.js';

/** Says that it gives another shape than it does. */
class Liar extends Layer {
  static readonly className: string = 'Liar';

  constructor(options: LayerOptions = {}) {
    super(options);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.clone();
  }

  computeOutputShape([batch, height, width, channels]: Shape): Shape {
    return [batch!, height! - 1, width!, channels!];
  }
}

/** Does not say how large what it gives is. */
class Vague extends Liar {
  static override readonly className = 'Vague';

  override computeOutputShape([, , , channels]: Shape): Shape {
    return [null, null, null, channels!];
  }
}

const conv = (options: object = {}) =>
  layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh', ...options });
const image = [11, 12, 2];
const pool = (options: object = {}) => layers.maxPooling2d({ poolSize: 2, ...options });

/** Layers, then what each needs of its input: the axes between batch and channels, undefined for all. */
const CASES: Record<string, { make: () => Layer[]; needs: (number[] | undefined)[]; input?: number[] }> = {
  'convolutions and pooling, back to the pixels': {
    make: () => [conv(), layers.reLU(), pool(), conv({ kernelSize: 2 }), pool(), layers.flatten()],
    needs: [[8, 12], [6, 10], [6, 10], [3, 5], [2, 4], undefined],
  },
  'strides and dilations': {
    make: () => [conv({ strides: [2, 1] }), conv({ kernelSize: 2, dilationRate: [1, 3] }), pool()],
    needs: [
      [11, 11],
      [5, 9],
      [4, 6],
    ],
  },
  'windows of each channel': {
    make: () => [
      layers.depthwiseConv2d({ kernelSize: 2 }),
      layers.separableConv2d({ filters: 3, kernelSize: 2 }),
      layers.averagePooling2d({ poolSize: 4 }),
      layers.globalAveragePooling2d(),
    ],
    needs: [[10, 10], [9, 9], [8, 8], undefined],
  },
  'a border of zeros, which needs all before it': {
    make: () => [conv({ padding: 'same' }), conv(), pool({ poolSize: 4 })],
    needs: [undefined, [10, 10], [8, 8]],
  },
  'normalization by what is in the batch, which needs all before it': {
    make: () => [conv(), layers.batchNormalization(), conv(), pool({ poolSize: 3 }), layers.flatten()],
    needs: [undefined, undefined, [8, 8], [6, 6], undefined],
  },
  'pooling that overlaps, and such as leaves out nothing': {
    make: () => [conv(), pool({ poolSize: 3, strides: 2 }), layers.globalMaxPooling2d()],
    needs: [[11, 11], [9, 9], undefined],
  },
  sequences: {
    make: () => [
      layers.conv1d({ filters: 3, kernelSize: 3, padding: 'causal' }),
      layers.averagePooling1d({ poolSize: 2 }),
      layers.conv1d({ filters: 2, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling1d({ poolSize: 2 }),
    ],
    needs: [[12], [12], [6], [4]],
    input: [15, 2],
  },
};

before(async () => {
  await enter(MODES[0]!);
});

describe('what the output depends on', () => {
  for (const [name, { make, needs, input = image }] of Object.entries(CASES)) {
    const build = () => {
      setRandomSeed(1);
      const model = new Sequential(make());
      model.buildFor([null, ...input]);
      return model;
    };

    it(`is known: ${name}`, () => {
      const model = build();
      const starts = neededStarts(model.layers, shapesBetween(model.layers, [5, ...input]));
      assert.deepEqual(
        starts.map((start) => start?.slice(1, -1)),
        needs,
      );
      model.dispose();
    });

    for (const training of [false, true]) {
      it(`gives values and gradients as from all: ${name}, ${training ? 'in training' : 'in use'}`, () => {
        const model = build();
        tf.tidy(() => {
          const x = tf.randomUniform([70, ...input], -1, 1, 'float32', 7);
          const target = tf.randomUniform(
            [70, ...(model.outputShape!.slice(1) as number[])],
            -1,
            1,
            'float32',
            8,
          );
          const run = () => {
            const { value, gradients } = gradientsOf(model.trainableWeights, () =>
              model.apply(x, { training }).sub(target).square().mean(),
            );
            return [value, ...gradients.map(wholeGradient)].map((tensor) => [...tensor.dataSync()]);
          };
          const left = run();
          const all = observeLayers(() => {}, run);
          left.forEach((values, i) => {
            values.forEach((value, k) => {
              assert.ok(Math.abs(value - all[i]![k]!) < 1e-6, `${i}, ${k}: ${value}, not ${all[i]![k]}`);
            });
          });
        });
        model.dispose();
      });
    }
  }

  it('is found for each size, where a model takes images of any', () => {
    const model = new Sequential([
      conv({ inputShape: [null, null, 1] }),
      pool(),
      layers.globalAveragePooling2d(),
    ]);
    const needed = (size: number) =>
      neededStarts(model.layers, shapesBetween(model.layers, [1, size, size, 1]))[0]?.slice(1, 3);
    assert.deepEqual([8, 9, 10].map(needed), [undefined, [8, 8], undefined]);
    model.dispose();
  });

  it('is all, where a layer does not say what it gives', () => {
    const model = new Sequential([conv({ inputShape: image }), new Vague(), conv(), pool({ poolSize: 3 })]);
    const starts = neededStarts(model.layers, shapesBetween(model.layers, [64, ...image]));
    assert.deepEqual(
      starts.map((start) => start?.slice(1, -1)),
      [undefined, undefined, undefined, undefined],
    );
    const x = tf.zeros([64, ...image]);
    const y = model.apply(x);
    assert.deepEqual(y.shape, [64, 2, 2, 3]);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('does not hide that a layer gives another shape than it says', () => {
    const model = new Sequential([new Liar(), conv({ name: 'after' }), pool()]);
    const x = tf.zeros([1, 12, 12, 1]);
    assert.throws(() => model.apply(x), { code: 'SHAPE_MISMATCH', message: /"after"/ });
    x.dispose();
    model.dispose();
  });
});
