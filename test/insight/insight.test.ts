import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { lambdaCallback } from '../../src/callbacks/index.js';
import type { Dataset } from '../../src/datasets/index.js';
import { constant } from '../../src/initializers/index.js';
import { type Finding, Insight, inspect } from '../../src/insight/index.js';
import { batchNormalization, dense, dropout } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import { sgd } from '../../src/optimizers/index.js';
import { ready } from '../../src/runtime/backend.js';
import { native } from '../../src/runtime/native.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';
import { classify, digits, head, input } from './networks.js';

let train: Dataset;
before(async () => {
  await ready();
  ({ train } = await digits(600));
});

function makeModel({ bias = 0, jit = true } = {}): Sequential {
  setRandomSeed(3);
  const model = new Sequential([
    input(),
    dense({ units: 16, activation: 'relu', biasInitializer: constant({ value: bias }) }),
    batchNormalization(),
    dropout({ rate: 0.3 }),
    head(),
  ]);
  model.compile({ ...classify(), jit });
  return model;
}

const weightsOf = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);
const quiet = { verbose: 0, batchSize: 32, seed: 1 } as const;

describe('inspect', () => {
  for (const jit of [true, false]) {
    it(`changes nothing and leaks nothing, jit ${jit}`, async () => {
      const trained = async (isWatched: boolean) => {
        const model = makeModel({ jit });
        await model.fit(train, quiet);
        if (isWatched) await inspect(model, train, { samples: 64 });
        await model.fit(train, quiet);
        const weights = weightsOf(model);
        model.dispose();
        return weights;
      };
      const alone = await trained(false);
      const counts = () => [tf.memory().numTensors, countVariables(), native()?.binding.getNumOfTensors()];
      const start = counts();
      assert.deepEqual(await trained(true), alone);
      assert.deepEqual(counts(), start);
    });
  }

  it('needs a compiled model and whole numbers', async () => {
    const model = makeModel();
    await assert.rejects(inspect(model, train, { samples: 0 }), hasCode('INVALID_ARGUMENT'));
    model.dispose();
    await assert.rejects(inspect(new Sequential([input(), head()]), train), hasCode('NOT_COMPILED'));
  });

  it('looks at small data and at frozen models', async () => {
    const model = makeModel();
    for (const layer of model.layers) layer.trainable = false;
    await inspect(model, train.slice(0, 3));
    model.dispose();
  });
});

describe('Insight', () => {
  it('tells a finding once, and keeps it', async () => {
    const told: Finding[] = [];
    const insight = new Insight({ interval: 1, onFinding: (finding) => told.push(finding) });
    const model = makeModel({ bias: -20 });
    await model.fit(train, { ...quiet, epochs: 3, callbacks: [insight] });
    const dead = told.filter(({ code }) => code === 'dead-units');
    assert.deepEqual(
      dead.map(({ layer, severity, evidence }) => [layer, severity, evidence.dead]),
      [['dense', 'error', 16]],
    );
    assert.deepEqual(insight.findings, told);
    model.dispose();
  });

  it('does not change what is trained', async () => {
    const trained = async (callbacks: Insight[]) => {
      const model = makeModel();
      await model.fit(train, { ...quiet, epochs: 2, callbacks });
      const weights = weightsOf(model);
      model.dispose();
      return weights;
    };
    assert.deepEqual(await trained([new Insight({ interval: 1 })]), await trained([]));
  });

  it('looks again where a training goes on, without telling what was told', async () => {
    const told: string[] = [];
    const make = () => new Insight({ interval: 1, onFinding: ({ code }) => told.push(code) });
    const model = makeModel({ bias: -20 });
    const first = make();
    await model.fit(train, { ...quiet, callbacks: [first] });
    const second = make();
    second.setState(JSON.parse(JSON.stringify(first.getState())) as Record<string, unknown>);
    await model.fit(train, { ...quiet, initialEpoch: 1, epochs: 2, callbacks: [second] });
    assert.equal(told.filter((code) => code === 'dead-units').length, 1);
    model.dispose();
  });

  it('looks at the end, however short the training', async () => {
    const told: string[] = [];
    const insight = new Insight({ interval: 50, onFinding: ({ code }) => told.push(code) });
    const model = makeModel();
    model.compile({ ...classify(), optimizer: sgd({ learningRate: 1e-9 }) });
    const atEpochs = lambdaCallback({ onEpochEnd: () => assert.ok(!told.includes('chance-level')) });
    // After 100 steps it can be said that nothing was learned.
    const epochs = Math.ceil(100 / Math.ceil(train.size / quiet.batchSize));
    await model.fit(train, { ...quiet, epochs, callbacks: [insight, atEpochs] });
    assert.ok(told.includes('chance-level'), String(told));
    model.dispose();
  });

  it('refuses options out of range', () => {
    assert.throws(() => new Insight({ interval: 0 }), hasCode('INVALID_ARGUMENT'));
  });
});
