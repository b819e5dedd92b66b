import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { activation, dense, dropout, flatten } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import { HostArray } from '../../src/runtime/index.js';
import * as tf from '../../src/tf.js';

const hasCode =
  (code: string, details: Record<string, unknown> = {}) =>
  (error: unknown) => {
    assert.ok(error instanceof CnnError, String(error));
    assert.equal(error.code, code);
    for (const [name, value] of Object.entries(details)) assert.equal(error.details[name], value);
    return true;
  };

const mlp = () => [
  flatten({ inputShape: [4, 4] }),
  dense({ units: 8, activation: 'relu' }),
  dropout({ rate: 0.2 }),
  dense({ units: 3, activation: 'softmax' }),
];

describe('Sequential', () => {
  it('infers shapes from the first layer, and names layers', () => {
    const model = new Sequential(mlp());
    assert.deepEqual(model.inputShape, [null, 4, 4]);
    assert.deepEqual(model.outputShape, [null, 3]);
    assert.deepEqual(
      model.layers.map((layer) => layer.name),
      ['flatten', 'dense', 'dropout', 'dense_1'],
    );
    assert.equal(model.countParams(), 16 * 8 + 8 + 8 * 3 + 3);
    model.dispose();
  });

  it('infers shapes from the first data where no layer says them', () => {
    const model = new Sequential([flatten(), dense({ units: 2 })]);
    assert.equal(model.outputShape, undefined);
    assert.throws(() => model.countParams(), hasCode('NOT_BUILT'));
    const y = model.apply(tf.zeros([5, 2, 3]));
    assert.deepEqual(y.shape, [5, 2]);
    assert.equal(model.countParams(), 14);
    y.dispose();
    model.dispose();
  });

  it('gives a layer the weights of another', () => {
    const [one, other] = [new Sequential(mlp()), new Sequential(mlp())];
    const target = other.getLayer('dense');
    target.setWeights(one.getLayer('dense').getWeights());
    const [kernel] = target.getWeights();
    assert.deepEqual(kernel, one.getWeights()[0]);
    assert.throws(
      () => target.setWeights([kernel!]),
      hasCode('SHAPE_MISMATCH', { expected: '2', received: '1' }),
    );
    assert.throws(() => target.setWeights([kernel!, kernel!]), hasCode('SHAPE_MISMATCH', { weight: 'bias' }));
    assert.throws(() => target.setWeights([kernel!, 1] as never), hasCode('INVALID_ARGUMENT'));
    assert.throws(() => target.setWeights(3 as never), hasCode('INVALID_ARGUMENT'));
    assert.throws(() => dense({ units: 2 }).setWeights([]), hasCode('NOT_BUILT'));
    one.dispose();
    other.dispose();
  });

  it('grows and shrinks', () => {
    const model = new Sequential(mlp());
    model.pop();
    assert.deepEqual(model.outputShape, [null, 8]);
    model.add(dense({ units: 7 }));
    assert.deepEqual(model.outputShape, [null, 7]);
    model.compile({ loss: 'mse' });
    assert.throws(() => model.add(dense({ units: 1 })), hasCode('INVALID_ARGUMENT'));
    model.dispose();
  });

  it('refuses two layers of one name, and one layer twice', () => {
    const layer = dense({ units: 1, name: 'a' });
    assert.throws(
      () => new Sequential([layer, dense({ units: 1, name: 'a' })]),
      hasCode('INVALID_ARGUMENT', { layer: 'a' }),
    );
    const other = dense({ units: 1 });
    assert.throws(() => new Sequential([other, other]), hasCode('INVALID_ARGUMENT'));
  });

  it('refuses input of another shape', () => {
    const model = new Sequential(mlp());
    assert.throws(
      () => model.apply(tf.zeros([2, 5, 5])),
      hasCode('SHAPE_MISMATCH', { expected: '[null, 4, 4]', received: '[2, 5, 5]' }),
    );
    model.dispose();
  });

  it('prints a summary like that of Keras', () => {
    const model = new Sequential(mlp());
    const lines: string[] = [];
    model.summary({ print: (line) => lines.push(line) });
    assert.equal(
      lines.join('\n'),
      `Model: "sequential"
┌───────────────────┬──────────────┬─────────┐
│ Layer (type)      │ Output Shape │ Param # │
├───────────────────┼──────────────┼─────────┤
│ flatten (Flatten) │ [null, 16]   │       0 │
│ dense (Dense)     │ [null, 8]    │     136 │
│ dropout (Dropout) │ [null, 8]    │       0 │
│ dense_1 (Dense)   │ [null, 3]    │      27 │
└───────────────────┴──────────────┴─────────┘
 Total params: 163 (652.00 B)
 Trainable params: 163 (652.00 B)
 Non-trainable params: 0 (0.00 B)`,
    );
    model.dispose();
  });

  it('gives and takes weights, all or none', () => {
    const model = new Sequential(mlp());
    const weights = model.getWeights();
    assert.deepEqual(
      weights.map((w) => w.shape),
      [[16, 8], [8], [8, 3], [3]],
    );
    const changed = weights.map((w) => new HostArray(w.shape, w.data.map((v) => v + 1) as Float32Array));
    model.setWeights(changed);
    assert.deepEqual(model.getWeights(), changed);
    assert.throws(() => model.setWeights(weights.slice(1)), hasCode('SHAPE_MISMATCH'));
    assert.throws(() => model.setWeights([...weights.slice(0, 3), weights[0]!]), hasCode('SHAPE_MISMATCH'));
    assert.deepEqual(model.getWeights(), changed);
    model.dispose();
  });

  it('runs layers one by one', () => {
    const model = new Sequential(mlp());
    const x = tf.ones([2, 4, 4]);
    const whole = model.apply(x);
    const stepwise = model.layers.reduce<tf.Tensor>((value, layer) => layer.apply(value), x);
    assert.deepEqual(whole.arraySync(), stepwise.arraySync());
    assert.equal(model.getLayer('dense_1'), model.layers[3]);
    assert.throws(() => model.getLayer('nope'), hasCode('UNKNOWN_NAME'));
    model.dispose();
  });

  it('does nothing without compile', async () => {
    const model = new Sequential(mlp());
    await assert.rejects(model.fit(tf.zeros([1, 4, 4]), tf.zeros([1, 3])), hasCode('NOT_COMPILED'));
    await assert.rejects(model.evaluate(tf.zeros([1, 4, 4]), tf.zeros([1, 3])), hasCode('NOT_COMPILED'));
    const y = await model.predict(tf.zeros([3, 4, 4]));
    assert.deepEqual(y.shape, [3, 3]);
    assert.equal(y.argMax().length, 3);
    model.dispose();
  });

  it('suggests the names it knows', () => {
    const model = new Sequential(mlp());
    assert.throws(() => model.compile({ optimizer: 'adma', loss: 'mse' }), /adam/);
    assert.throws(() => model.compile({ loss: 'meanSquareError' }), /meanSquaredError/);
    assert.throws(() => dense({ units: 1, activation: 'rleu' }), /relu/);
    model.dispose();
  });
});

it('predicts where a size is open', async () => {
  const model = new Sequential([activation({ activation: 'relu', inputShape: [null] as never })]);
  const { shape, data } = await model.predict(tf.tensor2d([[-1, 2, -3]]));
  assert.deepEqual(
    [shape, [...data]],
    [
      [1, 3],
      [0, 2, 0],
    ],
  );
  model.dispose();
});
