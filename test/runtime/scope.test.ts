import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jit } from '../../src/runtime/jit.js';
import { inScope, outOfScopes } from '../../src/runtime/scope.js';
import * as tf from '../../src/tf.js';

it('ops of a trace are named by the scopes in which they are recorded, whatever these are called', () => {
  const fn = jit((x: tf.Tensor) =>
    inScope('outer', () => {
      const inner = inScope('größe 1/β', () => x.relu());
      const root = outOfScopes(() => x.tanh());
      return inner.add(root).square();
    }),
  );
  const x = tf.tensor1d([1, -1]);
  const graph = Buffer.from(fn.trace(x).toGraphDef()).toString('latin1');
  for (const name of [/outer\/gr__e_1__\/Relu_\d/, /[^/]Tanh_\d/, /outer\/Square_\d/])
    assert.match(graph, name);
  assert.equal(fn(x).shape[0], 2);
  assert.equal(
    inScope('outside of traces', () => 3),
    3,
  );
  fn.dispose();
});

it('gradients are named after the scopes of the ops that they are the gradients of', () => {
  const fn = jit((x: tf.Tensor) =>
    inScope('gradients', () => tf.grad((z) => outOfScopes(() => inScope('dense', () => z.relu().sum())))(x)),
  );
  const graph = Buffer.from(fn.trace(tf.tensor1d([1, -1])).toGraphDef()).toString('latin1');
  assert.match(graph, /gradients\/dense\/\w+_\d/);
  fn.dispose();
});
