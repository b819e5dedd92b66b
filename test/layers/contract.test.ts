// What holds for every layer of the registry.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { classes } from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { startOf } from '../../src/ops/start-of.js';
import { jit } from '../../src/runtime/jit.js';
import { native } from '../../src/runtime/native.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { withGradients, withValues } from './run.js';
import { SAMPLES, type Sample } from './samples.js';

type Name = keyof typeof classes;

function make(name: Name, options: object): Layer {
  return new (classes[name] as unknown as new (o: object) => Layer)(options);
}

/** Numbers that are the same at every run, spread over [-1, 1], none twice. */
function numbers(shape: readonly number[], salt = 1): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const data = Float32Array.from(
    { length: size },
    (_, i) => (((i + 1) * 0.618034 + salt * 0.377) % 1) * 2 - 1,
  );
  return tf.tensor(data, [...shape]);
}

/** Calls something with the layer's state (moving statistics, seeds) as it is now, and puts that back afterwards. */
function keepingState<T>(layer: Layer, body: () => T): T {
  const variables = [...layer.nonTrainableWeights, ...layer.stateVariables];
  const state = variables.map((variable) => variable.read().arraySync());
  const result = body();
  tf.tidy(() =>
    variables.forEach((v, i) => void v.assign(tf.tensor(state[i] as number[], [...v.shape], v.dtype))),
  );
  return result;
}

function arrays(tensors: tf.Tensor[]): number[][] {
  return tensors.map((tensor) => [...tensor.dataSync()]);
}

function assertNear(actual: number[][], expected: number[][], tolerance: number, what: string): void {
  expected.forEach((values, t) => {
    const size = Math.max(1, ...values.map(Math.abs));
    values.forEach((want, i) => {
      const got = actual[t]![i]!;
      assert.ok(Math.abs(got - want) <= tolerance * size, `${what} ${t} [${i}]: ${got}, not ${want}`);
    });
  });
}

/** What is alive. */
function alive() {
  const runtime = native();
  return {
    tensors: tf.memory().numTensors,
    data: tf.engine().backend.numDataIds(),
    variables: countVariables(),
    handles: runtime?.binding.getNumOfTensors(),
    functions: runtime?.binding.functionCount,
  };
}

/** A slope of sum(y * dy) along a direction, by two calls. */
function difference(
  layer: Layer,
  x: tf.Tensor,
  dy: tf.Tensor,
  training: boolean,
  at: number,
  direction: tf.Tensor,
): number {
  const step = 2 ** -7;
  const value = (sign: number) =>
    tf.tidy(() => {
      const inputs = [x, ...layer.trainableWeights.map((weight) => weight.read())];
      inputs[at] = inputs[at]!.add(direction.mul(sign * step));
      const [input, ...bound] = inputs as [tf.Tensor, ...tf.Tensor[]];
      const y = keepingState(layer, () =>
        withValues(layer.trainableWeights, bound, () => layer.apply(input, { training })),
      );
      return y.mul(dy).sum().dataSync()[0]!;
    });
  return (value(1) - value(-1)) / (2 * step);
}

function checkSample(name: Name, sample: Sample): void {
  const { options, input, indices, wrong = [], invalid = [] } = sample;
  const inputs = (inputShape: number[]) =>
    indices === undefined
      ? numbers(inputShape)
      : tf.tidy(() =>
          numbers(inputShape)
            .add(1)
            .mul(indices / 2)
            .floor(),
        );
  const shape = [2, ...input];
  const built = (extra: object = {}) => {
    const layer = make(name, { ...options, ...extra });
    layer.ensureBuilt([null, ...input]);
    return layer;
  };

  it('makes an equal layer from its config, which computes the same with its weights', () => {
    const layer = built({ name: 'mine' });
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    const again = make(name, config);
    assert.deepEqual(again.getConfig(), config);
    assert.equal(again.name, 'mine');
    again.ensureBuilt([null, ...input]);
    assert.deepEqual(
      again.weights.map((w) => [w.name, w.shape, w.trainable]),
      layer.weights.map((w) => [w.name, w.shape, w.trainable]),
    );
    tf.tidy(() => {
      again.weights.forEach((weight, i) => void weight.assign(layer.weights[i]!.read()));
      const x = inputs(shape);
      assert.deepEqual(arrays([again.apply(x)]), arrays([layer.apply(x)]));
    });
    layer.dispose();
    again.dispose();
  });

  it('says beforehand which weights it will have, and makes none', () => {
    const before = countVariables();
    const layer = make(name, options);
    const state = countVariables() - before;
    const planned = layer.planWeights([5, ...input]);
    assert.deepEqual([layer.isBuilt, countVariables() - before], [false, state]);
    layer.ensureBuilt([null, ...input]);
    const shapes = (list: readonly (readonly number[])[]) => list.map(String).sort();
    assert.deepEqual(shapes(planned), shapes(layer.weights.map((weight) => weight.shape)));
    assert.deepEqual(layer.planWeights([null, ...input]), planned);
    tf.tidy(() => void layer.apply(inputs(shape)));
    layer.dispose();
  });

  it('gives the shape that it declares, for any batch', () => {
    const layer = built();
    const declared = layer.computeOutputShape([null, ...input]);
    for (const batch of [1, 3]) {
      for (const training of [false, true]) {
        tf.tidy(() => {
          const y = layer.apply(inputs([batch, ...input]), { training });
          assert.deepEqual(y.shape, [batch, ...declared.slice(1)]);
          assert.deepEqual(layer.computeOutputShape([batch, ...input]), y.shape);
          assert.equal(y.dtype, 'float32');
        });
      }
    }
    const counted = layer.weights.reduce((sum, weight) => sum + tf.util.sizeFromShape([...weight.shape]), 0);
    assert.equal(layer.countParams(), counted);
    layer.dispose();
  });

  for (const training of [false, true]) {
    it(`has the gradients that differences show, ${training ? 'in training' : 'after it'}`, () => {
      const layer = built();
      tf.tidy(() => {
        const x = inputs(shape);
        const dy = numbers(keepingState(layer, () => layer.apply(x, { training })).shape, 5);
        const [, ...gradients] = keepingState(layer, () => withGradients(layer, training)(x, dy));
        gradients.forEach((gradient, at) => {
          if (at === 0 && indices !== undefined) return;
          for (const salt of [2, 3]) {
            const direction = numbers(gradient.shape, salt);
            const slope = difference(layer, x, dy, training, at, direction);
            const expected = gradient.mul(direction).sum().dataSync()[0]!;
            const size = gradient.norm().mul(direction.norm()).dataSync()[0]!;
            assert.ok(
              Math.abs(slope - expected) <= 0.01 * Math.max(size, 0.1),
              `input ${at}: slope ${slope}, gradient ${expected}`,
            );
          }
        });
      });
      layer.dispose();
    });

    it(`computes the same traced, ${training ? 'in training' : 'after it'}`, () => {
      const layer = built();
      const traced = jit(withGradients(layer, training));
      tf.tidy(() => {
        const x = inputs(shape);
        const dy = numbers(layer.computeOutputShape(shape) as number[], 5);
        for (let call = 0; call < 2; call++) {
          const eager = keepingState(layer, () => arrays(withGradients(layer, training)(x, dy)));
          const stateOf = () =>
            arrays([...layer.nonTrainableWeights, ...layer.stateVariables].map((v) => v.read()));
          assertNear(arrays(traced(x, dy)), eager, 1e-6, 'result');
          // The state has moved on by the traced call: the next eager call starts from there.
          assert.ok(stateOf().flat().every(Number.isFinite));
        }
      });
      traced.dispose();
      layer.dispose();
    });
  }

  it('computes samples one by one as together, where it says so', () => {
    const layer = built();
    for (const training of [false, true]) {
      // Random numbers are drawn anew for each part.
      if (!layer.isPerSample({ training }) || (training && layer.stateVariables.length > 0)) continue;
      tf.tidy(() => {
        const x = inputs([4, ...input]);
        const together = arrays([layer.apply(x, { training })]);
        const parts = tf.split(x, [1, 3]).map((part) => layer.apply(part, { training }));
        assertNear(arrays([tf.concat(parts)]), together, 1e-6, `in ${training ? 'training' : 'use'}`);
      });
    }
    layer.dispose();
  });

  it('gives the start of its output for the start of its input that it asks for', () => {
    const layer = built();
    const output = layer.computeOutputShape(shape) as number[];
    const start = output.map((size, axis) =>
      axis === 0 || axis === output.length - 1 ? size : Math.ceil(size / 2),
    );
    const needed = layer.inputFor(start, shape);
    tf.tidy(() => {
      const x = inputs(shape);
      const ofAll = startOf(layer.apply(x), start);
      const ofStart = layer.applyToStart(x, { training: false }, needed);
      assertNear(arrays([startOf(ofStart, start)]), arrays([ofAll]), 1e-6, 'start');
      const unfit = numbers([2, ...input, 9]);
      assert.throws(() => layer.applyToStart(unfit, { training: false }, needed), { code: 'SHAPE_MISMATCH' });
    });
    layer.dispose();
  });

  it('leaves nothing behind, also where it throws', () => {
    const work = () => {
      const layer = built();
      for (const training of [false, true]) {
        const x = inputs(shape);
        layer.apply(x, { training }).dispose();
        const dy = numbers(layer.computeOutputShape(shape) as number[]);
        tf.dispose([...withGradients(layer, training)(x, dy), x, dy]);
      }
      const unfit = numbers([2, ...input, 9]);
      assert.throws(() => layer.apply(unfit), { code: 'SHAPE_MISMATCH' });
      unfit.dispose();
      layer.dispose();
    };
    work();
    const before = alive();
    work();
    assert.deepEqual(alive(), before);
  });

  it('refuses inputs of a wrong shape, by name', () => {
    const isNamed = (error: unknown) => {
      assert.ok(error instanceof CnnError, String(error));
      assert.equal(error.code, 'SHAPE_MISMATCH');
      assert.equal(error.details.layer, 'mine');
      assert.match(error.message, /"mine"/);
      return true;
    };
    for (const refused of wrong) {
      const layer = make(name, { ...options, name: 'mine' });
      assert.throws(() => layer.ensureBuilt(refused), isNamed, `[${refused}]`);
      layer.dispose();
    }
    const layer = built({ name: 'mine' });
    const unfit = numbers([2, ...input, 9]);
    assert.throws(() => layer.apply(unfit), isNamed);
    unfit.dispose();
    layer.dispose();
  });

  it('refuses options that do not exist, or are out of range', () => {
    const first = Object.keys(options)[0] ?? 'trainable';
    const mistyped = { ...options, [`${first}s`]: 1 };
    assert.throws(() => make(name, mistyped), { code: 'UNKNOWN_NAME', message: new RegExp(`"${first}"\\?`) });
    for (const extra of [...invalid, { trainable: 'yes' }, { name: '' }, { inputShape: [1.5] }]) {
      assert.throws(
        () => make(name, { ...options, ...extra }),
        { code: 'INVALID_ARGUMENT' },
        JSON.stringify(extra),
      );
    }
  });

  it('trains no weight where it is not trainable', () => {
    const layer = built({ trainable: false });
    assert.deepEqual(layer.trainableWeights, []);
    const [thawed, before] = [built(), layer.weights.length];
    assert.equal(thawed.weights.length, before);
    layer.trainable = true;
    assert.equal(layer.trainableWeights.length, thawed.trainableWeights.length);
    layer.dispose();
    thawed.dispose();
  });
}

before(async () => {
  setRandomSeed(1);
  await enter(MODES[0]!);
});

for (const [name, samples] of Object.entries(SAMPLES) as [Name, readonly Sample[]][]) {
  for (const sample of samples) {
    describe(`${name} ${JSON.stringify(sample.options)}`, () => checkSample(name, sample));
  }
}
