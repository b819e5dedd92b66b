import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LayerOutputs, layers, Sequential, tf } from '../../src/index.js';

function tiny(): Sequential {
  return new Sequential([
    layers.flatten({ inputShape: [2, 2] }),
    layers.dense({ units: 3, activation: 'relu' }),
    layers.dropout({ rate: 0.9 }),
    layers.dense({ units: 2, activation: 'softmax' }),
  ]);
}

test('what each layer gives, in order; the last is what the model predicts, and dropout drops nothing', async () => {
  const model = tiny();
  const inside = new LayerOutputs(model);
  const x = { data: Uint8Array.of(0, 64, 128, 255, 255, 0, 0, 255), shape: [2, 2], scale: 1 / 255 };
  const outputs = await inside.of(x);
  assert.deepEqual(
    outputs.map(({ layer, output }) => [layer.name, ...output.shape]),
    [
      ['flatten', 2, 4],
      ['dense', 2, 3],
      ['dropout', 2, 3],
      ['dense_1', 2, 2],
    ],
  );
  const [flat, hidden, dropped, last] = outputs.map(({ output }) => [...output.data]);
  for (const [i, value] of flat!.entries()) assert.ok(Math.abs(value - x.data[i]! / 255) < 1e-6);
  assert.deepEqual(dropped, hidden);
  assert.deepEqual(last, [...(await model.predict(x)).data]);
  inside.dispose();
  model.dispose();
});

test('leaves no tensor behind', async () => {
  const model = tiny();
  const inside = new LayerOutputs(model);
  const look = () => inside.of({ data: new Float32Array(4).fill(0.5), shape: [2, 2] });
  await look();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) await look();
  assert.equal(tf.memory().numTensors, before);
  inside.dispose();
  model.dispose();
});
