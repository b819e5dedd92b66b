// Softmax regression written by hand, as in TensorFlow 1: variables, a training operation, batches fed one by one.
import { datasets, Graph, optimizers, Session, tf } from 'cnn-node';

const { train, test } = await datasets.mnist.load({ flatten: true, oneHot: true });

const graph = new Graph();
const x = graph.placeholder({ name: 'x', shape: [null, 784] });
const y = graph.placeholder({ name: 'y', shape: [null, 10] });
const weights = graph.variable(graph.truncatedNormal([784, 10], { stddev: 0.05, seed: 1 }), {
  name: 'weights',
});
const biases = graph.variable(graph.zeros([10]), { name: 'biases' });
const logits = x.matMul(weights).add(biases);
const cost = graph.softmaxCrossEntropyWithLogits({ labels: y, logits }).mean();
const step = graph.minimize(cost, optimizers.sgd({ learningRate: 0.5 }));
const accuracy = logits.argMax().equal(y.argMax()).cast('float32').mean();

const session = new Session(graph);
await session.run(graph.initializer);
const batches = Math.floor(train.size / 128);
for (let epoch = 1; epoch <= 10; epoch++) {
  let sum = 0;
  for (let i = 0; i < batches; i++) {
    const batch = train.nextBatch(128);
    const [value] = await session.run([cost, step], batch); // one native call: forward, backward, update
    tf.dispose(batch);
    sum += value;
  }
  console.log(`Epoch: ${epoch} cost = ${(sum / batches).toFixed(3)}`);
}
const all = test.nextBatch(test.size);
console.log(`Test accuracy: ${(await session.run(accuracy, all)).toFixed(2)}`);
tf.dispose(all);
await session.close();

// Output:
//
// Epoch: 1 cost = 0.421
// Epoch: 2 cost = 0.319
// Epoch: 3 cost = 0.302
// Epoch: 4 cost = 0.292
// Epoch: 5 cost = 0.286
// Epoch: 6 cost = 0.283
// Epoch: 7 cost = 0.278
// Epoch: 8 cost = 0.275
// Epoch: 9 cost = 0.275
// Epoch: 10 cost = 0.272
// Test accuracy: 0.92
