// Saving, loading, and going on as if training had never stopped.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { datasets, layers, loadModel, Sequential, setRandomSeed } from 'cnn-node';

const folder = await mkdtemp(path.join(tmpdir(), 'saving-'));
const file = path.join(folder, 'digits.keras');
const train = (await datasets.mnist.load()).train.slice(0, 5000);

function makeModel() {
  setRandomSeed(1);
  const model = new Sequential([
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
const settings = { batchSize: 100, epochs: 4, seed: 7, verbose: 0 };

// Two epochs, saved; then loaded, in another program perhaps, for two more.
const first = makeModel();
await first.fit(train, { ...settings, epochs: 2 });
await first.save(file); // a .keras file: Keras opens it too
const second = await loadModel(file);
await second.fit(train, { ...settings, initialEpoch: 2 });

// Four epochs at once.
const whole = makeModel();
await whole.fit(train, settings);

const same = whole
  .getWeights()
  .every((weight, i) =>
    Buffer.from(weight.data.buffer).equals(Buffer.from(second.getWeights()[i].data.buffer)),
  );
console.log(`loss ${(await second.evaluate(train, { verbose: 0 })).loss.toFixed(3)}`);
console.log(`the resumed model is the uninterrupted one, bit for bit: ${same}`);
for (const model of [first, second, whole]) model.dispose();
await rm(folder, { recursive: true });

// Output:
//
// loss 0.335
// the resumed model is the uninterrupted one, bit for bit: true
