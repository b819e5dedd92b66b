import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recipes, zoo } from '../../src/models/zoo/index.js';
import { ready } from '../../src/runtime/backend.js';
import { memory } from '../../src/tf.js';

describe('zoo', async () => {
  await ready();

  for (const [name, make] of Object.entries(zoo)) {
    it(`${name} is what its recipe says`, () => {
      const before = memory().numTensors;
      const model = make();
      assert.equal(model.name, name);
      assert.deepEqual(model.inputShape, [null, 28, 28]);
      assert.deepEqual(model.outputShape, [null, 10]);
      const { summary } = recipes[name as keyof typeof recipes];
      assert.match(summary, new RegExp(`: ${model.countParams().toLocaleString('en-US')} parameters$`));
      model.dispose();
      assert.equal(memory().numTensors, before);
    });

    it(`${name} takes other images and numbers of classes`, () => {
      const model = make({ inputShape: [14, 20], classes: 3 });
      assert.deepEqual(model.outputShape, [null, 3]);
      model.dispose();
    });
  }
});
