// A loss sees through the model to the logits: probabilities that round to 0 give the loss that they have.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activation, dense } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';

const CASES = [
  { end: 'softmax', loss: 'categoricalCrossentropy', units: 2, wrong: [[0, 1]] },
  { end: 'softmax', loss: 'sparseCategoricalCrossentropy', units: 2, wrong: [1] },
  { end: 'sigmoid', loss: 'binaryCrossentropy', units: 1, wrong: [[0]] },
] as const;

for (const { name, backend, compile } of MODES.filter((mode) => mode.name !== 'jit')) {
  describe(`loss of a confident error, ${name}`, () => {
    for (const { end, loss, units, wrong } of CASES) {
      for (const isLayer of [false, true]) {
        it(`${loss} after ${end}${isLayer ? ' as a layer' : ''}`, async () => {
          await enter({ name, backend, compile });
          const last = isLayer
            ? [dense({ units, inputShape: [1] }), activation({ activation: end })]
            : [dense({ units, inputShape: [1], activation: end })];
          const model = new Sequential(last);
          model.compile({ loss, optimizer: 'sgd' });
          const kernel = tf.tensor2d(units === 1 ? [[1]] : [[1, 0]]);
          const bias = tf.zeros([units]);
          model.setWeights([kernel, bias]);
          const [x, y] = [tf.tensor2d([[200]]), tf.tensor(wrong as never)];
          const scored = await model.evaluate(x, y, { verbose: 0 });
          assert.ok(Math.abs(scored.loss! - 200) < 0.01, `evaluate: ${scored.loss}`);
          const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
          assert.ok(Math.abs(history.loss![0]! - 200) < 0.01, `fit: ${history.loss}`);
          tf.dispose([kernel, bias, x, y]);
          model.dispose();
        });
      }
    }
  });
}
