import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mnist } from '../../src/datasets/index.js';
import { SGD } from '../../src/optimizers/sgd.js';
import { Graph } from '../../src/session/graph.js';
import { Session } from '../../src/session/session.js';
import * as tf from '../../src/tf.js';

it('softmax regression by hand learns digits: variables, nextBatch(128), SGD 0.5', async () => {
  const { train, test } = await mnist.load({ flatten: true, oneHot: true });
  const graph = new Graph();
  const x = graph.placeholder({ name: 'x', shape: [null, 784] });
  const y = graph.placeholder({ name: 'y', shape: [null, 10] });
  const w = graph.variable(graph.zeros([784, 10]), { name: 'W' });
  const b = graph.variable(graph.zeros([10]), { name: 'b' });
  const logits = x.matMul(w).add(b);
  const loss = graph.softmaxCrossEntropyWithLogits({ labels: y, logits }).mean();
  const step = graph.minimize(loss, new SGD({ learningRate: 0.5 }));
  const accuracy = logits.argMax().equal(y.argMax()).cast('float32').mean();

  const session = new Session(graph);
  await session.run(graph.initializer);
  const costs: number[] = [];
  for (let i = 0; i < 430; i++) {
    const batch = train.nextBatch(128);
    const [cost] = await session.run([loss, step], batch);
    costs.push(cost);
    tf.dispose(batch);
  }
  const all = test.nextBatch(test.size);
  const score = await session.run(accuracy, all);
  tf.dispose(all);
  await session.close();

  assert.ok(Math.abs(costs[0]! - Math.log(10)) < 1e-5, `${costs[0]}`);
  assert.ok(score > 0.9 && score < 0.93, `${score}`);
});
