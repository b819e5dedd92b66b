// Weights in every HDF5 form that Keras has (test/oracle/saving/h5_weights.py).
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import * as layers from '../../src/layers/index.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-h5-'));
const files = unzipSync(readFileSync('test/saving/fixtures/h5-weights.zip'));
for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);

function fresh(last = 3): Sequential {
  return new Sequential([
    layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
    layers.batchNormalization(),
    layers.flatten(),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 4 }),
    layers.dense({ units: last }),
  ]);
}

before(() => ready());
after(() => rmSync(folder, { recursive: true }));

describe('weights of Keras in HDF5', () => {
  for (const name of ['keras3.weights.h5', 'keras3-legacy.h5', 'keras2.h5']) {
    const file = path.join(folder, name);

    it(`${name} is read`, async () => {
      const model = fresh();
      await model.loadWeights(file);
      assert.deepEqual(model.getWeights(), (await loadModel(path.join(folder, 'model.keras'))).getWeights());
    });

    it(`${name} is refused by another model, which stays as it is`, async () => {
      const [wider, shorter] = [fresh(5), fresh()];
      shorter.pop();
      for (const model of [wider, shorter]) {
        const weights = model.getWeights();
        await assert.rejects(model.loadWeights(file), { code: 'FILE_CORRUPT' });
        assert.deepEqual(model.getWeights(), weights);
      }
    });
  }

  it('.weights.h5 is written', async () => {
    const [one, other] = [fresh(), fresh()];
    const file = path.join(folder, 'ours.weights.h5');
    await one.saveWeights(file);
    await other.loadWeights(file);
    assert.deepEqual(other.getWeights(), one.getWeights());
  });
});
