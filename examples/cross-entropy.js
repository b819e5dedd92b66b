// One-hot targets and cross-entropy, and why the formula taken literally fails.
import { Graph, Session, tf } from 'cnn-node';

const graph = new Graph();
const label = graph.constant([2], { dtype: 'int32' });
const target = graph.op((label) => tf.oneHot(label, 3).toFloat(), [label], { shape: [1, 3] });
const logits = graph.placeholder({ name: 'logits', shape: [1, 3] });

// The definition: minus the sum of target times the logarithm of softmax.
const exps = logits.exp();
const softmax = exps.div(exps.reduceSum(1, { keepDims: true }));
const naive = target.mul(softmax.log()).reduceSum().neg();
// The same in one op that subtracts the largest logit first, and never takes the logarithm of 0.
const stable = graph.softmaxCrossEntropyWithLogits({ labels: target, logits }).reduceSum();
const [slope] = graph.gradients(naive, [logits]);
const [stableSlope] = graph.gradients(stable, [logits]);

const session = new Session(graph);
console.log('one-hot:', (await session.run(target)).toArray()[0]);
for (const values of [
  [1, 2, 3],
  [10, 0, -10],
  [100, 0, -100],
]) {
  const result = await session.run({ naive, stable, slope, stableSlope }, { logits: [values] });
  const gradients = [result.slope, result.stableSlope].map(({ data }) => data[0].toFixed(4));
  console.log(`logits ${values.join(', ')}`);
  console.log(`  naive  ${result.naive.toFixed(4)}, gradient ${gradients[0]}`);
  console.log(`  stable ${result.stable.toFixed(4)}, gradient ${gradients[1]}`);
}
await session.close();

// Output:
//
// one-hot: [ 0, 0, 1 ]
// logits 1, 2, 3
//   naive  0.4076, gradient 0.0900
//   stable 0.4076, gradient 0.0900
// logits 10, 0, -10
//   naive  20.0000, gradient 1.0000
//   stable 20.0000, gradient 1.0000
// logits 100, 0, -100
//   naive  NaN, gradient NaN
//   stable 200.0000, gradient 1.0000
