// Backpropagation by hand through two layers, compared with the gradients of the graph.
import { Graph, Session } from 'cnn-node';

const x = [0.5, -1];
const hidden = [
  [0.1, 0.4, -0.2],
  [-0.3, 0.2, 0.5],
];
const output = [0.7, -0.6, 0.3];
const target = 1;

// Forward, with a sigmoid after each sum: h = sigmoid(x W), y = sigmoid(h v), error = (y - target)^2 / 2.
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const h = output.map((_, j) => sigmoid(x[0] * hidden[0][j] + x[1] * hidden[1][j]));
const y = sigmoid(h.reduce((sum, value, j) => sum + value * output[j], 0));
// Backward: the derivative of the sigmoid is s (1 - s); each step multiplies by what the chain rule says.
const deltaY = (y - target) * y * (1 - y);
const byOutput = h.map((value) => deltaY * value);
const deltaH = h.map((value, j) => deltaY * output[j] * value * (1 - value));
const byHidden = x.map((input) => deltaH.map((delta) => delta * input));

const graph = new Graph();
const w = graph.variable(hidden, { name: 'W' });
const v = graph.variable(
  output.map((value) => [value]),
  { name: 'v' },
);
const prediction = graph.constant([x]).matMul(w).sigmoid().matMul(v).sigmoid();
const error = prediction.sub(target).square().div(2).reduceSum();
const [dw, dv] = graph.gradients(error, [w, v]);
const session = new Session(graph);
await session.run(graph.initializer);
const tape = await session.run({ dw, dv });
await session.close();

const line = (values) => [...values].map((value) => value.toFixed(6).padStart(9)).join(' ');
console.log('by hand:   dv', line(byOutput));
console.log('the graph: dv', line(tape.dv.data));
console.log('by hand:   dW', line(byHidden.flat()));
console.log('the graph: dW', line(tape.dw.data));

// Output:
//
// by hand:   dv -0.064641 -0.055096 -0.039046
// the graph: dv -0.064641 -0.055096 -0.039046
// by hand:   dW -0.009353  0.008264 -0.003782  0.018705 -0.016529  0.007563
// the graph: dW -0.009353  0.008264 -0.003782  0.018705 -0.016529  0.007563
