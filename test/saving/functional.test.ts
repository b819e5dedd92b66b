// Functional models of Keras (test/oracle/saving/functional.py): those whose layers follow one another are read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import { loadModel } from '../../src/models/load.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';

const files = unzipSync(readFileSync('test/saving/fixtures/functional.zip'));
/** The other is a chain too, whose model ends before its last layer, and which was not compiled. */
const CHAINS = ['chain', 'an-inner-output'];

describe('Functional models of Keras', () => {
  before(() => ready());

  it('a chain predicts as there, also saved again', async () => {
    const { x, y } = JSON.parse(Buffer.from(files['chain.json']!).toString());
    const model = await loadModel(files['chain.keras']!);
    const again = await loadModel(await model.toBytes());
    const input = tf.tensor(x, [3, 6, 6, 1]);
    for (const each of [model, again]) {
      const { data } = await each.predict(input);
      for (const [i, value] of y.entries()) assert.ok(Math.abs(data[i]! - value) <= 1e-5);
      assert.equal(each.optimizer.iterations.read().dataSync()[0], 1);
    }
  });

  for (const name of Object.keys(files).filter((file) => file.endsWith('.keras'))) {
    const kind = name.replace('.keras', '');
    if (CHAINS.includes(kind)) {
      it(`${kind} is read`, async () => (await loadModel(files[name]!)).dispose());
    } else {
      it(`${kind} is refused`, () => assert.rejects(loadModel(files[name]!), { code: 'UNSUPPORTED' }));
    }
  }
});
