import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SGD } from '../../src/optimizers/sgd.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { BACKEND_NAME, native } from '../../src/runtime/native.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import { countVariables } from '../../src/runtime/variable.js';
import { Graph } from '../../src/session/graph.js';
import { Session } from '../../src/session/session.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';

const counts = () => ({
  tensors: tf.memory().numTensors,
  handles: native()?.binding.getNumOfTensors(),
  functions: native()?.binding.functionCount,
  variables: countVariables(),
});

for (const backend of [BACKEND_NAME, 'cpu']) {
  describe(`Session on ${backend}`, () => {
    before(() => tf.setBackend(backend));
    after(() => tf.setBackend(BACKEND_NAME));

    it('runs a sigmoid neuron with weights [1, 2] and bias 0', async () => {
      const graph = new Graph();
      const x = graph.placeholder({ name: 'x', shape: [2] });
      const neuron = x
        .mul(graph.constant([1, 2]))
        .reduceSum()
        .add(graph.constant(0))
        .sigmoid();
      const session = new Session(graph);
      assert.equal(await session.run(neuron, { x: [0, 0] }), 0.5);
      const output: number = await session.run(neuron, { x: [1, 1] });
      assert.ok(Math.abs(output - 1 / (1 + Math.exp(-3))) < 1e-6);
      await session.close();
    });

    it('gives fetches back in their structure, as numbers and arrays', async () => {
      const graph = new Graph();
      const x = graph.placeholder({ name: 'x', shape: [null, 2] });
      const session = new Session(graph);
      const { sum, nested } = await session.run(
        { sum: x.reduceSum(), nested: [x, [x.reduceSum(1)]] },
        {
          x: [
            [1, 2],
            [3, 4],
          ],
        },
      );
      assert.equal(sum, 10);
      assert.deepEqual(nested[0], new HostArray([2, 2], Float32Array.of(1, 2, 3, 4)));
      assert.deepEqual(nested[1][0], new HostArray([2], Float32Array.of(3, 7)));
      await session.close();
    });

    it('takes feeds as nested and typed arrays, HostArrays and tensors, by name and by node', async () => {
      const graph = new Graph();
      const x = graph.placeholder({ name: 'x', shape: [null, 2] });
      const total = x.reduceSum();
      const session = new Session(graph);
      const tensor = tf.tensor2d([[1, 2]]);
      const values = [[[1, 2]], Float32Array.of(1, 2), new HostArray([1, 2], Float32Array.of(1, 2)), tensor];
      for (const value of values) {
        assert.equal(await session.run(total, { x: value }), 3);
        assert.equal(await session.run(total, [[x, value]]), 3);
      }
      assert.ok(!tensor.isDisposed);
      assert.equal(await session.run(total, new Map([[x, new Uint8Array([1, 2, 3, 4])]])), 10);
      tensor.dispose();
      await session.close();
    });

    it('keeps variables between runs, reads each once at the start, and assigns in order', async () => {
      const graph = new Graph();
      const counter = graph.variable(0, { name: 'counter', trainable: false });
      const plusOne = counter.assignAdd(1);
      const plusTen = counter.assignAdd(10);
      const session = new Session(graph);
      await session.run(graph.initializer);
      assert.deepEqual(await session.run([counter, plusTen, plusOne]), [0, 11, 1]);
      assert.equal(await session.run(counter), 11);
      assert.equal(await session.run(counter.assign(5)), 5);
      assert.deepEqual(
        await Promise.all([session.run(plusOne), session.run(plusOne), session.run(counter)]),
        [6, 7, 7],
      );
      await session.run(graph.initializer);
      assert.equal(await session.run(counter), 0);
      await session.close();
    });

    it('draws new random numbers at each run, the same for the same seed', async () => {
      const draw = async () => {
        setRandomSeed(7);
        const graph = new Graph();
        const random = graph.truncatedNormal([2, 500], { mean: 3, stddev: 0.5 });
        const w = graph.variable(random);
        const session = new Session(graph);
        await session.run(graph.initializer);
        const drawn = await session.run([w, random]);
        await session.close();
        return drawn;
      };
      const [w, random] = await draw();
      assert.ok(w.data.every((value) => Math.abs(value - 3) <= 1));
      assert.notDeepEqual(w, random);
      assert.deepEqual(await draw(), [w, random]);
    });

    it('takes any traced function as a node', async () => {
      const graph = new Graph();
      const x = graph.placeholder({ name: 'x', shape: [3] });
      const norm = graph.op((v) => tf.norm(v), [x], { name: 'norm', shape: [] });
      const session = new Session(graph);
      const value: number = await session.run(norm, { x: [2, 3, 6] });
      assert.equal(value, 7);
      const broken = graph.op((v) => [v] as never, [x]).named('broken');
      await assert.rejects(session.run(broken, { x: [1, 2, 3] }), hasCode('INVALID_ARGUMENT', 'broken'));
      await session.close();
    });

    it('says which feed is missing, wrong or unknown', async () => {
      const graph = new Graph();
      const x = graph.placeholder({ name: 'images', shape: [null, 2] });
      const n = graph.placeholder({ name: 'count', dtype: 'int32', shape: [] });
      const both = x.mul(n);
      const session = new Session(graph);
      const rejects = (feeds: object, ...error: Parameters<typeof hasCode>) =>
        assert.rejects(session.run(both, feeds as never), hasCode(...error));
      const images = [[1, 2]];
      await rejects({ images }, 'MISSING_FEED', 'count');
      await rejects({ images, count: 0.5 }, 'DTYPE_MISMATCH', 'count', '0.5');
      await rejects({ images, count: 'two' }, 'DTYPE_MISMATCH', 'count');
      await rejects({ images: [1, 2], count: 1 }, 'SHAPE_MISMATCH', 'images', '[null, 2]', '[2]');
      await rejects({ images: [[1, 2], [3]], count: 1 }, 'SHAPE_MISMATCH', 'images');
      await rejects({ images: new Float32Array(3), count: 1 }, 'SHAPE_MISMATCH', 'images');
      await rejects({ images: tf.tensor2d([[1, 2]], [1, 2], 'int32'), count: 1 }, 'DTYPE_MISMATCH', 'images');
      await rejects({ image: images, count: 1 }, 'UNKNOWN_NAME', '"images"');
      await rejects({ images, count: 1, [both.name]: 2 }, 'INVALID_ARGUMENT', both.name);
      await assert.rejects(session.run(3 as never), hasCode('INVALID_ARGUMENT'));
      await assert.rejects(session.run(new Graph().constant(1)), hasCode('INVALID_ARGUMENT'));
      assert.deepEqual((await session.run(both, { images, count: 2 })).data, Float32Array.of(2, 4));
      await session.close();
    });

    it('names the variable without a value, and the node whose shapes do not fit at run time', async () => {
      const graph = new Graph();
      const w = graph.variable([1, 2], { name: 'weights' });
      const session = new Session(graph);
      await assert.rejects(session.run(w.add(1)), hasCode('NOT_INITIALIZED', 'weights'));
      await assert.rejects(session.run(w.assign([3, 4])), hasCode('NOT_INITIALIZED', 'weights'));
      const loss = w.reduceSum();
      const train = graph.minimize(loss, new SGD());
      await assert.rejects(session.run(train), hasCode('NOT_INITIALIZED', 'weights'));
      await session.run(w.initializer);
      const x = graph.placeholder({ name: 'x' });
      const sum = w.add(x).named('sum');
      await assert.rejects(session.run(sum, { x: [1, 2, 3] }), hasCode('SHAPE_MISMATCH', 'sum'));
      await assert.rejects(session.run(w.assign(x), { x: [1] }), hasCode('SHAPE_MISMATCH', 'weights'));
      await session.close();
    });

    it('ends with close, after the runs that were started', async () => {
      const graph = new Graph();
      const counter = graph.variable(0);
      const session = new Session(graph);
      const started = [session.run(counter.initializer), session.run(counter.assignAdd(1))];
      const closed = session.close();
      await assert.rejects(session.run(counter), hasCode('DISPOSED'));
      await closed;
      assert.deepEqual(await Promise.all(started), [undefined, 1]);
      await session.close();
    });

    it('trains, and starts anew with the initializer', async () => {
      const graph = new Graph();
      const w = graph.variable([3, -2], { name: 'w' });
      const loss = w.square().reduceSum();
      const train = graph.minimize(loss, new SGD({ learningRate: 0.25, momentum: 0.5 }));
      const session = new Session(graph);
      const descend = async () => {
        await session.run(graph.initializer);
        const losses = [];
        for (let i = 0; i < 3; i++) losses.push((await session.run([loss, train]))[0]);
        return losses;
      };
      const first = await descend();
      assert.deepEqual(first.slice(0, 2), [13, 3.25]);
      assert.deepEqual(await descend(), first);
      await session.close();
    });

    it('leaves nothing behind, also when runs fail', async () => {
      await tf.ready();
      const start = counts();
      const graph = new Graph();
      const x = graph.placeholder({ name: 'x', shape: [null, 3] });
      const w = graph.variable(graph.truncatedNormal([3, 100]), { name: 'w' });
      const loss = x.matMul(w).square().mean();
      const train = graph.minimize(loss, new SGD({ momentum: 0.9 }));
      const session = new Session(graph);
      const [gradient] = graph.gradients(loss, [w]);
      const step = () => session.run([loss, train, gradient], { x: [[1, 2, 3]] });
      const fail = () => assert.rejects(session.run(x.matMul(graph.placeholder()), { x: [[1, 2, 3]] }));
      await session.run(graph.initializer);
      await step();
      await fail();
      const steady = counts();
      for (let i = 0; i < 5; i++) await step();
      await fail();
      assert.deepEqual(counts(), steady);
      await session.close();
      assert.deepEqual(counts(), start);
    });
  });
}

describe('Session', () => {
  it('computes all fetches in one compiled function, the forward pass once', async () => {
    const graph = new Graph();
    const x = graph.placeholder({ name: 'x', shape: [2, 2] });
    const w = graph.variable(graph.zeros([2, 2]), { name: 'w' });
    const product = x.matMul(w);
    const loss = product.square().reduceSum();
    const session = new Session(graph);
    await session.run(graph.initializer);
    const fetches = [product, loss, ...graph.gradients(loss, [w]), graph.minimize(loss, new SGD())];
    const feeds = { x: new Float32Array(4) };
    const text = String(await session.trace(fetches, feeds));
    // The product itself, and one for each of the two gradients; none for x, which nobody asked about.
    assert.equal(text.match(/MatMul/g)?.length, 3);
    const functions = native()!.binding.functionCount;
    await session.run(fetches, feeds);
    await session.run(fetches, feeds);
    assert.equal(native()!.binding.functionCount, functions + 1);
    await session.close();
  });
});
