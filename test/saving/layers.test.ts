// Every layer, in all the ways of its contract, comes back from a file as it was.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { classes } from '../../src/layers/index.js';
import type { LayerClass } from '../../src/layers/layer.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';
import { SAMPLES, type Sample } from '../layers/samples.js';
import { setDistinct } from './distinct.js';

describe('layers in files', () => {
  before(() => ready());

  // What stands for the input is part of the model in files: see test/models/save.test.ts.
  const { InputLayer: _, ...others } = SAMPLES;
  for (const [name, samples] of Object.entries(others) as [string, readonly Sample[]][]) {
    for (const { options, input, indices } of samples) {
      it(`${name} ${JSON.stringify(options)}`, async () => {
        const made = (classes as Readonly<Record<string, LayerClass>>)[name]!;
        const model = new Sequential([new made({ ...options, inputShape: input } as never)]);
        setDistinct(model);
        const loaded = await loadModel(await model.toBytes());
        assert.deepEqual(loaded.getWeights(), model.getWeights());
        const config = ({ layers }: Sequential) =>
          layers.map((layer) => ({ ...layer.getConfig(), inputShape: 0 }));
        assert.deepEqual(config(loaded), config(model));
        const shape = [2, ...input];
        const x = indices === undefined ? tf.randomUniform(shape, 0.1, 1) : tf.zeros(shape);
        assert.deepEqual((await loaded.predict(x)).data, (await model.predict(x)).data);
        tf.dispose(x);
        model.dispose();
        loaded.dispose();
      });
    }
  }
});
