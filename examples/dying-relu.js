// A network that dies: a large learning rate, or a bad bias, push ReLU units below zero for every input. Their
// gradient is then zero too, and they never come back. inspect() says so.
import { datasets, initializers, inspect, layers, optimizers, Sequential, setRandomSeed } from 'cnn-node';

const train = (await datasets.mnist.load()).train.slice(0, 10_000);

async function diagnose(name, { learningRate, bias }) {
  setRandomSeed(1);
  const model = new Sequential([
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 128, activation: 'relu', biasInitializer: initializers.constant({ value: bias }) }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(train, { batchSize: 128, epochs: 3, verbose: 0 });
  const { accuracy } = await model.evaluate(train, { verbose: 0 });
  // What is left after a collapse differs from one kind of processor to another.
  console.log(`${name}: accuracy ${accuracy < 0.5 ? 'below 0.5' : accuracy.toFixed(2)}`);
  const [worst] = await inspect(model, train);
  console.log(
    worst === undefined ? '  nothing is wrong' : `  ${worst.code} in ${worst.layer}: ${worst.advice}`,
  );
  model.dispose();
}

await diagnose('healthy', { learningRate: 0.1, bias: 0 });
await diagnose('large learning rate', { learningRate: 2, bias: 0 });
await diagnose('bad bias', { learningRate: 0.1, bias: -5 });

// Output:
//
// healthy: accuracy 0.90
//   nothing is wrong
// large learning rate: accuracy below 0.5
//   dead-units in dense: Make the model anew with kernelInitializer "heNormal", biases of zero and a lower learning rate, or use leakyReLU; dead units do not come back.
// bad bias: accuracy below 0.5
//   dead-units in dense: Make the model anew with kernelInitializer "heNormal", biases of zero and a lower learning rate, or use leakyReLU; dead units do not come back.
