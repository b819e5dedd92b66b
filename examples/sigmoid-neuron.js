// One neuron: a weighted sum of two inputs, squeezed into 0 to 1 by the sigmoid function.
import { Graph, Session } from 'cnn-node';

const graph = new Graph();
const x = graph.placeholder({ name: 'x', shape: [2] });
const weights = graph.constant([1, 2], { name: 'weights' });
const bias = graph.constant(0, { name: 'bias' });
const neuron = x.mul(weights).reduceSum().add(bias).sigmoid();

const session = new Session(graph);
for (const inputs of [
  [0, 0],
  [1, 1],
  [3, -1.5],
  [-2, -1],
]) {
  const output = await session.run(neuron, { x: inputs });
  console.log(`${inputs.join(', ')} -> ${output.toFixed(4)}`);
}
await session.close();

// Output:
//
// 0, 0 -> 0.5000
// 1, 1 -> 0.9526
// 3, -1.5 -> 0.5000
// -2, -1 -> 0.0180
