import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Graph } from '../../src/session/graph.js';
import { hasCode } from '../codes.js';

describe('Graph', () => {
  it('knows shapes and types of constants of rank 0, 1 and 2', () => {
    const graph = new Graph();
    assert.equal(`${graph.constant(3)}`, 'constant: float32 [] = constant()');
    assert.equal(`${graph.constant([1, 2], { dtype: 'int32' })}`, 'constant_1: int32 [2] = constant()');
    assert.equal(`${graph.constant([[true], [false]], { name: 'm' })}`, 'm: bool [2, 1] = constant()');
    assert.deepEqual(graph.constant(new Float32Array(6), { shape: [2, 3] }).shape, [2, 3]);
    assert.deepEqual(graph.zeros([4, 1]).shape, [4, 1]);
  });

  it('infers shapes, unknown sizes included', () => {
    const graph = new Graph();
    const x = graph.placeholder({ name: 'x', shape: [null, 784] });
    const w = graph.variable(graph.zeros([784, 10]), { name: 'W' });
    const logits = x.matMul(w).add(graph.zeros([10]));
    assert.deepEqual(logits.shape, [null, 10]);
    assert.deepEqual(logits.reduceSum(1).shape, [null]);
    assert.deepEqual(logits.reduceSum(-1, { keepDims: true }).shape, [null, 1]);
    assert.deepEqual(logits.reduceSum().shape, []);
    assert.deepEqual(logits.argMax().shape, [null]);
    assert.equal(logits.argMax().dtype, 'int32');
    assert.equal(logits.equal(0).dtype, 'bool');
    assert.deepEqual(graph.softmaxCrossEntropyWithLogits({ labels: logits, logits }).shape, [null]);
    assert.equal(graph.placeholder().add(x).shape, undefined);
    assert.equal(graph.constant(2, { dtype: 'int32' }).mul(3).dtype, 'int32');
    assert.equal(graph.constant(2, { dtype: 'int32' }).mul(0.5).dtype, 'float32');
  });

  it('refuses shapes that never fit when the node is made', () => {
    const graph = new Graph();
    const x = graph.placeholder({ name: 'x', shape: [null, 784] });
    assert.throws(() => x.matMul(graph.zeros([10, 784])), hasCode('SHAPE_MISMATCH', 'matMul', '[null, 784]'));
    assert.throws(() => x.matMul(graph.zeros([784]) as never), hasCode('SHAPE_MISMATCH'));
    assert.throws(() => x.add([1, 2, 3]), hasCode('SHAPE_MISMATCH', 'add'));
    assert.throws(() => x.reduceSum(2), hasCode('INVALID_ARGUMENT', 'axis 2'));
    assert.throws(() => graph.constant([[1, 2], [3]]), hasCode('SHAPE_MISMATCH'));
    assert.throws(() => graph.constant([1, [2]]), hasCode('SHAPE_MISMATCH'));
    assert.throws(
      () => graph.constant([0.5], { dtype: 'int32', name: 'half' }),
      hasCode('DTYPE_MISMATCH', 'half'),
    );
    assert.throws(() => graph.constant(1, { dtype: 'int32' }).log(), hasCode('DTYPE_MISMATCH', 'cast'));
  });

  it('names nodes uniquely', () => {
    const graph = new Graph();
    const sum = graph.constant(1, { name: 'one' }).add(2).named('sum');
    assert.equal(graph.find('sum'), sum);
    assert.equal(graph.find('add'), undefined);
    assert.throws(() => graph.constant(3).named('sum'), hasCode('INVALID_ARGUMENT', 'sum'));
    assert.equal(graph.constant(3, { name: 'one' }).name, 'one_1');
    assert.match(String(graph), /^sum: float32 \[\] = add\(one, constant\)$/m);
  });

  it('keeps graphs apart', () => {
    const foreign = new Graph().constant(1);
    assert.throws(() => new Graph().constant(1).add(foreign), hasCode('INVALID_ARGUMENT', 'another graph'));
  });
});
