// Weights and models in every HDF5 form that Keras has (test/oracle/saving/h5_weights.py).
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import { CnnError } from '../../src/errors.js';
import * as layers from '../../src/layers/index.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';
import { peakMemory, resetPeak, restingMemory } from '../memory.js';
import { repeatedText, sharedHeaps, sharedMessages } from './hostile/heaps.js';

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

  it('alone are no model', async () => {
    for (const name of ['keras2.h5', 'keras3.weights.h5'])
      await assert.rejects(loadModel(path.join(folder, name)), { code: 'UNSUPPORTED' });
  });

  it('.weights.h5 is written', async () => {
    const [one, other] = [fresh(), fresh()];
    const file = path.join(folder, 'ours.weights.h5');
    await one.saveWeights(file);
    await other.loadWeights(file);
    assert.deepEqual(other.getWeights(), one.getWeights());
  });
});

describe('small files that make much of themselves', () => {
  for (const make of [repeatedText, sharedHeaps, sharedMessages]) {
    it(`${make.name} is refused, soon and in little memory`, async () => {
      const file = path.join(folder, `${make.name}.h5`);
      writeFileSync(file, make());
      const model = fresh();
      restingMemory();
      const before = resetPeak();
      const start = process.cpuUsage();
      await assert.rejects(model.loadWeights(file), { code: 'FILE_CORRUPT' });
      await assert.rejects(loadModel(file), { code: /FILE_CORRUPT|UNSUPPORTED/ });
      const { user, system } = process.cpuUsage(start);
      const taken = peakMemory() - before;
      assert.ok(taken < 64 * 2 ** 20, `${taken} bytes`);
      assert.ok(user + system < 2e6, `${user + system} us`);
      model.dispose();
    });
  }
});

describe('whole models of Keras in HDF5', () => {
  const expected = JSON.parse(Buffer.from(files['predictions.json']!).toString()) as Record<string, number[]>;

  for (const [name, predictions] of Object.entries(expected)) {
    it(`${name} is read, and predicts the same`, async () => {
      const model = await loadModel(path.join(folder, name));
      const x = tf.tensor(
        Float32Array.from({ length: 72 }, (_, i) => i / 72),
        [2, 6, 6, 1],
      );
      const { data } = await model.predict(x);
      for (const [i, value] of predictions.entries()) assert.ok(Math.abs(value - data[i]!) < 1e-5);
      x.dispose();
      model.dispose();
    });

    for (const [what, from, to] of [
      ['CVE-2025-9905: a Lambda', '"Dropout"', '"Lambda" '],
      ['an argument of another type', '"rate": 0.2', '"rate": []  '],
      ['a layer of another name', '"name": "conv2d"', '"name": "CONV2D"'],
      ['another model class', '"Sequential"', '"Functional"'],
      ['no JSON', '{"class_name"', '["class_name"'],
    ] as const) {
      it(`${name} is refused with ${what}`, async () => {
        const bytes = Buffer.from(files[name]!);
        const place = bytes.indexOf(from);
        assert.ok(place > 0);
        bytes.write(to.padEnd(from.length), place);
        const file = path.join(folder, 'hostile.h5');
        writeFileSync(file, bytes);
        await assert.rejects(
          loadModel(file),
          (error) => error instanceof CnnError && ['FILE_CORRUPT', 'UNSUPPORTED'].includes(error.code),
        );
      });
    }
  }
});
