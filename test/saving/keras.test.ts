// Models that real Keras 3 trained and saved (test/oracle/saving) predict here what they predicted there, and train on
// to the same losses.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { loadModel } from '../../src/models/load.js';
import { ready } from '../../src/runtime/backend.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { difference, type Outcome } from '../oracle/saving/compare.js';
import { after } from '../oracle/saving/our-side.js';
import type { Spec } from '../oracle/saving/specs.js';

const files = unzipSync(readFileSync('test/saving/fixtures/keras.zip'));

function json<T>(name: string): T {
  return JSON.parse(Buffer.from(files[name]!).toString());
}

const outcomes = json<Outcome[]>('keras.json');

describe('models saved by Keras', () => {
  before(() => ready());

  for (const [i, spec] of json<Spec[]>('specs.json').entries()) {
    const classNames = spec.layers.map(({ className }) => className).join(' ');
    it(`${spec.name}: ${classNames}, ${spec.optimizer.className}, ${spec.loss.className}`, async () => {
      const before = [tf.memory().numTensors, countVariables()];
      const model = await loadModel(files[`keras_${i}.keras`]!);
      const again = await loadModel(await model.toBytes());
      assert.equal(difference(spec, outcomes[i]!, await after(model, spec)), undefined);
      assert.equal(difference(spec, outcomes[i]!, await after(again, spec)), undefined, 'saved again');
      const packed = await loadModel(zipSync(unzipSync(files[`keras_${i}.keras`]!), { level: 9 }));
      assert.equal(difference(spec, outcomes[i]!, await after(packed, spec)), undefined, 'packed');
      model.dispose();
      again.dispose();
      packed.dispose();
      assert.deepEqual([tf.memory().numTensors, countVariables()], before, 'leaks');
    });
  }
});
