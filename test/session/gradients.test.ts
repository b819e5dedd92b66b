import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Graph } from '../../src/session/graph.js';
import { type Fetches, Session } from '../../src/session/session.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';

async function valuesOf(graph: Graph, nodes: Fetches, feeds = {}): Promise<unknown> {
  const session = new Session(graph);
  try {
    await session.run(graph.initializer);
    return await session.run(nodes, feeds);
  } finally {
    await session.close();
  }
}

describe('gradients of graphs', () => {
  it('are what tfjs gets for the same function', async () => {
    const graph = new Graph();
    const [a, b] = [graph.constant([0.5, -1, 2]), graph.constant([1.5, 3, -0.25])];
    const y = a.mul(b).sigmoid().add(a.square()).softmax().log().reduceSum();
    const wanted = tf.grads((p, q) => p.mul(q).sigmoid().add(p.square()).softmax().log().sum())([
      tf.tensor1d([0.5, -1, 2]),
      tf.tensor1d([1.5, 3, -0.25]),
    ]);
    const got = (await valuesOf(graph, graph.gradients(y, [a, b]))) as { data: Float32Array }[];
    for (const [i, gradient] of wanted.entries()) {
      for (const [j, value] of gradient.dataSync().entries())
        assert.ok(Math.abs(value - got[i]!.data[j]!) < 1e-5);
    }
  });

  it('are of the sum, where y is not a scalar; and flow through variables and placeholders', async () => {
    const graph = new Graph();
    const x = graph.placeholder({ name: 'x', shape: [2] });
    const w = graph.variable([3, 4], { name: 'w' });
    const [dx, dw] = graph.gradients(x.mul(w), [x, w]);
    const values = (await valuesOf(graph, [dx, dw], { x: [5, 6] })) as { data: Float32Array }[];
    assert.deepEqual(
      values.map(({ data }) => [...data]),
      [
        [3, 4],
        [5, 6],
      ],
    );
  });

  it('can be taken again and again, also through fused kernels', async () => {
    const graph = new Graph();
    const x = graph.constant(2);
    const [first] = graph.gradients(x.square().mul(x), [x]);
    const [second] = graph.gradients(first, [x]);
    const [third] = graph.gradients(second, [x]);
    assert.deepEqual(await valuesOf(graph, [first, second, third]), [12, 12, 6]);

    const logits = graph.constant([[1, 2]]);
    const loss = graph
      .softmaxCrossEntropyWithLogits({ labels: graph.constant([[1, 0]]), logits })
      .reduceSum();
    const [slope] = graph.gradients(loss, [logits]);
    const [curvature] = graph.gradients(slope.mul([[1, 0]]), [logits]);
    const p = 1 / (1 + Math.exp(1));
    const { data } = (await valuesOf(graph, curvature)) as { data: Float32Array };
    for (const [i, wanted] of [p * (1 - p), -p * (1 - p)].entries())
      assert.ok(Math.abs(data[i]! - wanted) < 1e-6);
  });

  it('of different y share the values, random ones too', async () => {
    const graph = new Graph();
    const x = graph.constant([1, 1, 1, 1]);
    const noise = graph.truncatedNormal([4]);
    const [dy] = graph.gradients(x.mul(noise), [x]);
    const [dz] = graph.gradients(x.mul(noise).mul(2), [x]);
    const [drawn, first, second] = (await valuesOf(graph, [noise, dy, dz])) as { data: Float32Array }[];
    assert.deepEqual(first!.data, drawn!.data);
    assert.deepEqual(
      second!.data,
      drawn!.data.map((value) => 2 * value),
    );
  });

  it('do not pass masks and indices', async () => {
    const graph = new Graph();
    const x = graph.constant([-1, 2]);
    const clipped = graph.op((v) => tf.where(v.greater(0), v.mul(3), tf.zerosLike(v)), [x]);
    const [dx] = graph.gradients(clipped, [x]);
    assert.deepEqual([...((await valuesOf(graph, dx)) as { data: Float32Array }).data], [0, 3]);
    const [none] = graph.gradients(x.argMax().cast('float32'), [x]);
    await assert.rejects(valuesOf(graph, none), hasCode('INVALID_ARGUMENT', 'differentiable'));
  });

  it('refuse what cannot be: no dependence, whole numbers, nothing to train', () => {
    const graph = new Graph();
    const [x, y] = [graph.constant(1, { name: 'x' }), graph.constant(2, { name: 'y' })];
    assert.throws(() => graph.gradients(y, [x]), hasCode('INVALID_ARGUMENT', '"x"', '"y"'));
    assert.throws(() => graph.gradients(x.cast('int32'), [x]), hasCode('DTYPE_MISMATCH'));
    const rule = { build() {}, applyGradients() {}, dispose() {} };
    graph.variable(0);
    assert.throws(() => graph.minimize(x, rule), hasCode('INVALID_ARGUMENT', '"x"'));
  });
});
