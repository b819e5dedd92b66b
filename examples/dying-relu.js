// A network that dies: a large learning rate and a bad bias push ReLU units below zero for every input, where their
// gradient is zero too, so they never come back.
import { datasets, initializers, layers, optimizers, Sequential, setRandomSeed } from 'cnn-node';

const train = (await datasets.mnist.load()).train.slice(0, 10_000);

async function diagnose(name, { learningRate, bias }) {
  setRandomSeed(1);
  const hidden = layers.dense({
    units: 128,
    activation: 'relu',
    biasInitializer: initializers.constant({ value: bias }),
  });
  const model = new Sequential([
    layers.flatten({ inputShape: [28, 28] }),
    hidden,
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(train, { batchSize: 128, epochs: 3, verbose: 0 });
  const { accuracy } = await model.evaluate(train, { verbose: 0 });

  // What the hidden layer gives for every picture: a unit that is 0 for all of them is dead.
  const inner = new Sequential([layers.flatten({ inputShape: [28, 28] }), hidden]);
  const { data } = await inner.predict(train, { batchSize: 1000 });
  const alive = new Set();
  for (let i = 0; i < data.length; i++) if (data[i] > 0) alive.add(i % 128);
  const dead = 128 - alive.size;
  // What is left after a collapse differs from one kind of processor to another.
  const score = accuracy < 0.5 ? 'below 0.5' : accuracy.toFixed(2);
  console.log(`${name}: accuracy ${score}, ${Math.round((100 * dead) / 128)} % of the units dead`);
  model.dispose();
}

await diagnose('healthy', { learningRate: 0.1, bias: 0 });
await diagnose('large learning rate', { learningRate: 2, bias: 0 });
await diagnose('bad bias', { learningRate: 0.1, bias: -5 });

// Output:
//
// healthy: accuracy 0.90, 0 % of the units dead
// large learning rate: accuracy below 0.5, 91 % of the units dead
// bad bias: accuracy below 0.5, 100 % of the units dead
