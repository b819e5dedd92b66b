import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Dataset } from '../../src/datasets/index.js';
import { zeros } from '../../src/initializers/index.js';
import { findLearningRate } from '../../src/insight/index.js';
import { dense } from '../../src/layers/index.js';
import { adam, sgd } from '../../src/optimizers/index.js';
import { exponentialDecay } from '../../src/optimizers/schedules/index.js';
import { ready } from '../../src/runtime/backend.js';
import { native } from '../../src/runtime/native.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';
import { build, classify, digits, head, healthy, input } from './networks.js';

let train: Dataset;
before(async () => {
  await ready();
  ({ train } = await digits(1800));
});

const options = { batchSize: 32, steps: 60 };
const quiet = { verbose: 0, batchSize: 32, seed: 1 } as const;

describe('findLearningRate', () => {
  for (const [name, make] of Object.entries({ adam, sgd })) {
    it(`finds a rate with which ${name} learns, whatever the rate was`, async () => {
      const model = build(
        { ...healthy['mlp sgd']!, compile: () => classify(make({ learningRate: 1e-9 })) },
        1,
      );
      const { suggested, lowest, rates, losses } = await findLearningRate(model, train, options);
      assert.ok(suggested! < lowest && rates.includes(lowest) && rates.length === losses.length);
      assert.equal(model.optimizer.learningRate, 1e-9);
      model.optimizer.learningRate = suggested!;
      const { history } = await model.fit(train, { ...quiet, epochs: 4 });
      assert.ok(history.accuracy!.at(-1)! > 0.8, `rate ${suggested}: accuracy ${history.accuracy!.at(-1)}`);
      model.dispose();
    });
  }

  it('leaves the model as it was, and nothing behind', async () => {
    const trained = async (isTested: boolean) => {
      const model = build(healthy.mlp!, 2);
      await model.fit(train, quiet);
      if (isTested) await findLearningRate(model, train, options);
      await model.fit(train, quiet);
      const weights = model.getWeights().map(({ data }) => [...data]);
      model.dispose();
      return weights;
    };
    const alone = await trained(false);
    const counts = () => [tf.memory().numTensors, native()?.binding.getNumOfTensors()];
    const start = counts();
    assert.deepEqual(await trained(true), alone);
    assert.deepEqual(counts(), start);
  });

  it('suggests none where no rate makes the loss fall', async () => {
    const frozen = () => dense({ units: 10, activation: 'softmax', kernelInitializer: zeros() });
    const dead = () =>
      dense({ units: 8, activation: 'relu', kernelInitializer: zeros(), biasInitializer: zeros() });
    const model = build({ layers: () => [input(), dead(), frozen()], compile: () => classify(sgd()) }, 1);
    const { suggested } = await findLearningRate(model, train, { ...options, to: 1e-3 });
    assert.equal(suggested, undefined);
    model.dispose();
  });

  it('refuses rates that a schedule gives, and ranges that are none', async () => {
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 });
    const model = build(
      { layers: () => [input(), head()], compile: () => classify(sgd({ learningRate: schedule })) },
      1,
    );
    await assert.rejects(findLearningRate(model, train, options), hasCode('INVALID_ARGUMENT'));
    await assert.rejects(findLearningRate(model, train, { from: 1, to: 0.1 }), hasCode('INVALID_ARGUMENT'));
    model.dispose();
  });
});
