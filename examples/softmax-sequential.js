// The same softmax regression as in softmax-by-hand.js, with layers.
import { datasets, layers, optimizers, Sequential, setRandomSeed } from 'cnn-node';

setRandomSeed(1);
const { train, test } = await datasets.mnist.load();
const model = new Sequential([
  layers.flatten({ inputShape: [28, 28] }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.5 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
const { history } = await model.fit(train, { batchSize: 128, epochs: 10, verbose: 0 });
for (const [i, loss] of history.loss.entries()) console.log(`Epoch: ${i + 1} cost = ${loss.toFixed(3)}`);
const { accuracy } = await model.evaluate(test, { verbose: 0 });
console.log(`Test accuracy: ${accuracy.toFixed(2)}`);
model.dispose();

// Output:
//
// Epoch: 1 cost = 0.422
// Epoch: 2 cost = 0.319
// Epoch: 3 cost = 0.302
// Epoch: 4 cost = 0.293
// Epoch: 5 cost = 0.287
// Epoch: 6 cost = 0.283
// Epoch: 7 cost = 0.279
// Epoch: 8 cost = 0.276
// Epoch: 9 cost = 0.274
// Epoch: 10 cost = 0.272
// Test accuracy: 0.92
