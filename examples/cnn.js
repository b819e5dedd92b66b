// A convolutional network on MNIST. One epoch of it is worth nearly ten of the multilayer perceptron.
import { datasets, layers, Sequential, setRandomSeed } from 'cnn-node';

setRandomSeed(1);
const { train, validation, test } = await datasets.mnist.load();
const model = new Sequential([
  layers.reshape({ targetShape: [28, 28, 1], inputShape: [28, 28] }),
  layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dropout({ rate: 0.5 }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
console.log(model.layers.map(({ name, inputShape }) => `${name} takes [${inputShape.slice(1)}]`).join('\n'));
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const { history } = await model.fit(train, {
  batchSize: 128,
  validationData: validation,
  verbose: 0,
});
console.log(`Validation accuracy: ${history.val_accuracy[0].toFixed(3)}`);
const { accuracy } = await model.evaluate(test, { batchSize: 1000, verbose: 0 });
console.log(`Test accuracy: ${accuracy.toFixed(3)}`);
model.dispose();

// Output:
//
// reshape takes [28,28]
// conv2d takes [28,28,1]
// max_pooling2d takes [26,26,32]
// conv2d_1 takes [13,13,32]
// max_pooling2d_1 takes [11,11,64]
// flatten takes [5,5,64]
// dropout takes [1600]
// dense takes [1600]
// Validation accuracy: 0.979
// Test accuracy: 0.975
