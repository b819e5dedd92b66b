import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { jit } from '../../src/runtime/jit.js';
import { native } from '../../src/runtime/native.js';
import { SeedGenerator } from '../../src/runtime/random.js';
import { countVariables, Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';

const counts = () => ({
  tensors: tf.memory().numTensors,
  handles: native()!.binding.getNumOfTensors(),
  functions: native()!.binding.functionCount,
  variables: countVariables(),
});

const valuesOf = (tensor: tf.Tensor) => [...tensor.dataSync()];

const hasCode = (code: string) => (error: unknown) => error instanceof CnnError && error.code === code;

describe('jit', () => {
  let before: ReturnType<typeof counts>;
  beforeEach(() => {
    tf.engine().startScope();
    before = counts();
  });
  afterEach(() => tf.engine().endScope());

  it('computes what the function computes, compiling once per signature', () => {
    const norm = jit((x: tf.Tensor) => x.square().sum().sqrt());
    assert.deepEqual(valuesOf(norm(tf.tensor1d([3, 4]))), [5]);
    assert.deepEqual(valuesOf(norm(tf.tensor1d([6, 8]))), [10]);
    assert.equal(norm.size, 1);
    assert.deepEqual(valuesOf(norm(tf.tensor1d([1, 2, 2]))), [3]);
    assert.equal(norm.size, 2);
    norm.dispose();
  });

  it('takes and returns nested arrays and objects of tensors; other arguments are part of the signature', () => {
    const f = jit(({ a, b }: { a: tf.Tensor; b: tf.Tensor[] }, times: number) => ({
      sum: a.add(b[0]!).mul(times),
      both: [a, b[1]!],
    }));
    const args = { a: tf.scalar(1), b: [tf.scalar(2), tf.scalar(3)] };
    const { sum, both } = f(args, 2);
    assert.deepEqual(
      [sum, ...both].map((t) => valuesOf(t)[0]),
      [6, 1, 3],
    );
    assert.deepEqual(valuesOf(f(args, 3).sum), [9]);
    assert.equal(f.size, 2);
    f.dispose();
  });

  it('runs on another thread with the same result', async () => {
    const f = jit((x: tf.Tensor) => x.matMul(x).sum());
    const x = tf.ones([200, 200]);
    assert.deepEqual(valuesOf(await f.async(x)), valuesOf(f(x)));
    f.dispose();
  });

  it('keeps captured tensors alive, small ones as constants', () => {
    const large = tf.fill([1000], 2);
    const small = tf.scalar(3);
    const f = jit((x: tf.Tensor) => large.sum().mul(small).add(x));
    f(tf.scalar(1)).dispose();
    tf.dispose([large, small]);
    assert.deepEqual(valuesOf(f(tf.scalar(1))), [6001]);
    f.dispose();
  });

  it('orders reads and writes of variables as the function does', () => {
    const v = new Variable(tf.scalar(0));
    const f = jit((x: tf.Tensor) => {
      const first = v.read();
      for (let i = 0; i < 5; i++) v.assign(v.read().add(x).mul(2));
      const last = v.read();
      v.assignAdd(tf.scalar(1));
      return [first, last, v.read()];
    });
    let expected = 0;
    for (let call = 0; call < 3; call++) {
      const first = expected;
      for (let i = 0; i < 5; i++) expected = Math.fround(Math.fround(expected + 1) * 2);
      const [a, b, c] = f(tf.scalar(1)).map((t) => valuesOf(t)[0]);
      assert.deepEqual([a, b, c], [first, expected, expected + 1]);
      expected += 1;
    }
    f.dispose();
    v.dispose();
  });

  it('writes variables also where nothing is returned', () => {
    const v = new Variable(tf.scalar(1));
    const f = jit(() => {
      v.assign(v.read().mul(3));
    });
    f();
    f();
    assert.deepEqual(valuesOf(v.read()), [9]);
    f.dispose();
    v.dispose();
  });

  it('draws new random numbers at every call, the same after the same seed', () => {
    const draw = () => {
      const random = new SeedGenerator(11);
      const f = jit(() => random.uniform([3]));
      const values = [valuesOf(f()), valuesOf(f())];
      f.dispose();
      random.dispose();
      return values;
    };
    const [first, second] = draw();
    assert.notDeepEqual(first, second);
    assert.deepEqual(draw(), [first, second]);
  });

  it('runs inside another trace and inside a gradient', () => {
    const square = jit((x: tf.Tensor) => x.square());
    const outer = jit((x: tf.Tensor) => square(x).add(1));
    assert.deepEqual(valuesOf(outer(tf.scalar(3))), [10]);
    assert.deepEqual(valuesOf(tf.grad((x) => square(x).mul(2))(tf.scalar(3))), [12]);
    const gradient = jit((x: tf.Tensor) => tf.grad((y) => square(y).sum())(x));
    assert.deepEqual(valuesOf(gradient(tf.tensor1d([1, 2]))), [2, 4]);
    for (const f of [square, outer, gradient]) f.dispose();
  });

  it('shows the graph as text and as a GraphDef', () => {
    const f = jit((x: tf.Tensor) => x.matMul(x).relu());
    const trace = f.trace(tf.ones([2, 2]));
    assert.match(trace.toString(), /float32\[2,2\] = Relu\(%\d+\)/);
    assert.ok(Buffer.from(trace.toGraphDef()).includes('MatMul'));
    assert.equal(f.size, 0);
  });

  it('records equal ops once, and neither those on constants nor those that change nothing', () => {
    const f = jit((x: tf.Tensor) => {
      const half = tf.scalar(1).div(tf.scalar(2));
      const scaled = [x.mul(half), x.mul(tf.scalar(0.5)), x.cast('float32').reshape([2, 2]).mul(half)];
      return tf.addN(scaled);
    });
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const ops = [
      ...f
        .trace(x)
        .toString()
        .matchAll(/= (\w+)\(/g),
    ].map(([, op]) => op);
    assert.deepEqual(ops, ['Argument', 'Const', 'Mul', 'AddN']);
    assert.deepEqual(valuesOf(f(x)), [1.5, 3, 4.5, 6]);
    const whole = jit((y: tf.Tensor) => y.add(tf.scalar(1).add(1)), { simplify: false })
      .trace(x)
      .toString();
    assert.match(whole, /= Add.*\n.*= Add/s);
    f.dispose();
  });

  it('keeps apart what only looks equal', () => {
    const v = new Variable(tf.scalar(1));
    const f = jit((x: tf.Tensor) => {
      const [first] = [v.read().add(x)];
      v.assignAdd(tf.scalar(1));
      const sums = [x.sum(0), x.sum(1)];
      const whole = tf
        .tensor1d([1], 'int32')
        .cast('float32')
        .add(tf.tensor1d([1]));
      return {
        first: first!,
        second: v.read().add(x),
        sums,
        whole,
        text: tf.scalar('1').equal(tf.scalar('2')),
      };
    });
    const { first, second, sums, whole, text } = f(tf.tensor2d([1, 2, 3, 4], [2, 2]));
    assert.deepEqual(valuesOf(first), [2, 3, 4, 5]);
    assert.deepEqual(valuesOf(second), [3, 4, 5, 6]);
    assert.deepEqual(sums.map(valuesOf), [
      [4, 6],
      [3, 7],
    ]);
    assert.deepEqual(valuesOf(whole), [2]);
    assert.deepEqual(valuesOf(text), [0]);
    f.dispose();
    v.dispose();
  });

  it('refuses to read values, naming the op', () => {
    const f = jit((x: tf.Tensor) => (x.sum().dataSync()[0]! > 0 ? x : x.neg()));
    assert.throws(
      () => f(tf.ones([2])),
      (e) => hasCode('TRACE_READ')(e) && (e as CnnError).details.op === 'Sum',
    );
  });

  it('refuses shapes that depend on values, naming the op', () => {
    const f = jit((x: tf.Tensor) => tf.unique(x as tf.Tensor1D).values);
    assert.throws(() => f(tf.tensor1d([1, 1])), hasCode('TRACE_DYNAMIC_SHAPE'));
  });

  it('refuses random numbers of JavaScript, promises, results that are no tensors, tensors of another trace', () => {
    assert.throws(() => jit(() => tf.randomUniform([2]))(), hasCode('TRACE_READ'));
    assert.throws(() => jit(async () => tf.scalar(1))(), hasCode('INVALID_ARGUMENT'));
    assert.throws(() => jit(() => 5)(), hasCode('INVALID_ARGUMENT'));
    let stolen: tf.Tensor | undefined;
    const thief = jit((x: tf.Tensor) => {
      stolen = tf.keep(x.add(1));
      return x;
    });
    thief(tf.scalar(1));
    assert.throws(() => stolen!.add(1), hasCode('TRACE_READ'));
    assert.throws(() => jit((x: tf.Tensor) => x.add(stolen!))(tf.scalar(1)), hasCode('TRACE_READ'));
    stolen!.dispose();
    thief.dispose();
    assert.notEqual(Math.random(), Math.random());
  });

  it('refuses variables made while tracing', () => {
    assert.throws(() => jit(() => new Variable(tf.scalar(1)).read())(), hasCode('UNSUPPORTED'));
  });

  it('calls variables by their names, each by its own', () => {
    const one = tf.scalar(1);
    const variables = ['MatMul_1', 'MatMul_1', 'a b/c'].map((name) => new Variable(one, { name }));
    const f = jit(() => tf.addN(variables.map((variable) => variable.read())));
    const graph = Buffer.from(f.trace().toGraphDef()).toString('latin1');
    for (const name of ['MatMul_1', 'MatMul_1_1', 'a_b/c']) assert.ok(graph.includes(name), name);
    f.dispose();
    for (const variable of variables) variable.dispose();
    one.dispose();
  });

  it('leaks nothing, also when the function throws', () => {
    const big = tf.ones([500]);
    const v = new Variable(big);
    const good = jit((x: tf.Tensor) => v.read().add(big).add(x));
    const bad = jit((x: tf.Tensor) => {
      v.read().add(big).add(x);
      throw new Error('no');
    });
    const tensors = counts().tensors;
    for (let i = 0; i < 3; i++) tf.tidy(() => void good(tf.scalar(i)));
    for (let i = 0; i < 3; i++) assert.throws(() => tf.tidy(() => void bad(tf.scalar(i))), /no/);
    assert.equal(counts().tensors, tensors);
    good.dispose();
    bad.dispose();
    v.dispose();
    big.dispose();
    assert.deepEqual(counts(), before);
  });

  it('reports a failing op with its name and code', async () => {
    const f = jit((x: tf.Tensor, i: tf.Tensor) => tf.gather(x, i as tf.Tensor1D));
    assert.throws(() => f(tf.ones([3]), tf.tensor1d([7], 'int32')), hasCode('NATIVE_OP_FAILED'));
    await assert.rejects(f.async(tf.ones([3]), tf.tensor1d([7], 'int32')), hasCode('NATIVE_OP_FAILED'));
    f.dispose();
  });
});
