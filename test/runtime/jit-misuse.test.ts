import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { jit } from '../../src/runtime/jit.js';
import { native } from '../../src/runtime/native.js';
import { Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';

const valuesOf = (tensor: tf.Tensor) => [...tensor.dataSync()];
const functions = () => native()!.binding.functionCount;

describe('jit, used otherwise than it is meant to be', () => {
  let x: tf.Tensor1D;
  beforeEach(() => {
    tf.engine().startScope();
    x = tf.tensor1d([1, 2, 3]);
  });
  afterEach(() => tf.engine().endScope());

  it('tells arguments apart that look the same', () => {
    const timesK = (k: number) => (v: tf.Tensor) => v.mul(k);
    class Factor {
      readonly #k: number;
      constructor(k: number) {
        this.#k = k;
      }
      get k() {
        return this.#k;
      }
    }
    const apply = jit((v: tf.Tensor, f: (v: tf.Tensor) => tf.Tensor) => f(v));
    const scale = jit((v: tf.Tensor, f: Factor) => v.mul(f.k));
    const lookUp = jit((v: tf.Tensor, map: Map<string, number>) => v.mul(map.get('k')!));
    const inverse = jit((n: number) => tf.scalar(1).div(n));
    const copy = jit((data: Float32Array | Int32Array) => tf.tensor1d(data));
    const [two, three] = [new Factor(2), new Factor(3)];
    assert.deepEqual(
      [valuesOf(apply(x, timesK(2))), valuesOf(apply(x, timesK(3)))].flat(),
      [2, 4, 6, 3, 6, 9],
    );
    assert.deepEqual(
      [two, three, two].map((f) => valuesOf(scale(x, f))[2]),
      [6, 9, 6],
    );
    assert.equal(scale.size, 2);
    assert.deepEqual(
      [4, 5].map((k) => valuesOf(lookUp(x, new Map([['k', k]])))[0]),
      [4, 5],
    );
    assert.deepEqual(
      [0, -0].map((n) => valuesOf(inverse(n))[0]),
      [Infinity, -Infinity],
    );
    assert.deepEqual(
      [Float32Array.of(1, 2), Int32Array.of(1, 2)].map((data) => copy(data).dtype),
      ['float32', 'int32'],
    );
    for (const f of [apply, scale, lookUp, inverse, copy]) f.dispose();
  });

  it('refuses variables of tfjs, which would never change again', () => {
    const variable = tf.variable(tf.scalar(1));
    const large = tf.variable(tf.ones([100]));
    const optimizer = tf.train.sgd(0.1);
    const before = functions();
    for (const fn of [
      () => x.add(variable),
      () => large.sum(),
      () => variable.assign(tf.scalar(2)),
      () => tf.variable(tf.scalar(2)),
      () => optimizer.minimize(() => variable.mul(x).sum()),
    ]) {
      assert.throws(() => jit(fn as () => tf.Tensor)(), { code: 'UNSUPPORTED' });
    }
    assert.equal(functions(), before);
    variable.assign(tf.scalar(5));
    assert.deepEqual(valuesOf(variable), [5], 'outside of a trace it is as it was');
    const given = jit((v: tf.Tensor) => v.mul(2));
    assert.deepEqual(valuesOf(given(variable)), [10], 'as an argument it is a tensor like others');
    given.dispose();
    optimizer.dispose();
    tf.dispose([variable, large]);
  });

  it('refuses values however they are asked for', async () => {
    const ways: ((v: tf.Tensor) => unknown)[] = [
      (v) => v.data(),
      (v) => v.array(),
      (v) => v.print(),
      (v) => String(v),
      (v) => (v as unknown as number) > 0,
    ];
    for (const ask of ways) {
      const f = jit((v: tf.Tensor) => {
        ask(v);
        return v.add(1);
      });
      assert.throws(() => f(x), { code: 'TRACE_READ' });
    }
    // One that fails later, when the trace is over, would end this process if nobody listened.
    for (const promised of [
      async (v: tf.Tensor) => {
        await null;
        return v.add(1);
      },
      (v: tf.Tensor) => tf.whereAsync(v.greater(1)),
    ]) {
      assert.throws(() => jit(promised)(x), { code: 'INVALID_ARGUMENT' });
    }
    await new Promise(setImmediate);
    assert.deepEqual(await x.data(), Float32Array.of(1, 2, 3), 'outside of a trace it is as it was');
  });

  it('refuses tensors that are disposed', () => {
    const f = jit((v: tf.Tensor) => v.add(1));
    const gone = tf.scalar(1);
    gone.dispose();
    assert.throws(() => f(gone), { code: 'DISPOSED' });
    assert.equal(f.size, 0);
  });

  it('disposed of while it runs, it ends first', async () => {
    const before = functions();
    const f = jit((v: tf.Tensor) => v.matMul(v).sum());
    const big = tf.ones([300, 300]);
    const running = [f.async(big), f.async(big)];
    f.dispose();
    big.dispose();
    for (const sum of await Promise.all(running)) assert.deepEqual(valuesOf(sum), [300 ** 3]);
    assert.equal(functions(), before);
    assert.equal(f.size, 0);
  });

  it('calls in flight at the same time do not lose updates of a variable', async () => {
    const total = new Variable(tf.scalar(0));
    const add = jit((v: tf.Tensor) => total.assignAdd(v));
    await Promise.all(Array.from({ length: 50 }, () => add.async(tf.scalar(1))));
    assert.deepEqual(valuesOf(total.read()), [50]);
    add.dispose();
    total.dispose();
  });

  it('keeps what it captured, whoever disposes of it', () => {
    const variable = new Variable(tf.scalar(7));
    const f = jit((v: tf.Tensor) => variable.read().add(v));
    f(x).dispose();
    variable.dispose();
    assert.deepEqual(valuesOf(f(x)), [8, 9, 10]);
    f.dispose();
  });

  it('warns once where a number that changes makes a signature of every call', async () => {
    const warnings: string[] = [];
    const note = (warning: Error & { code?: string }) => warnings.push(String(warning.code));
    process.on('warning', note);
    const f = jit((v: tf.Tensor, k: number) => v.mul(k), { name: 'scaled' });
    for (let k = 0; k < 120; k++) f(x, k).dispose();
    await new Promise(setImmediate);
    process.off('warning', note);
    assert.deepEqual(warnings, ['CNN_MANY_SIGNATURES']);
    f.dispose();
  });

  it('takes strings, complex numbers, truth values, empty tensors, and rank 6', () => {
    const text = jit((s: tf.Tensor) => [s, tf.tensor1d(['é', 'b'])]);
    assert.deepEqual(
      text(tf.tensor1d(['a', 'ä'])).map((t) => t.dataSync() as unknown as string[]),
      [
        ['a', 'ä'],
        ['é', 'b'],
      ],
    );
    const square = jit((z: tf.Tensor) => tf.imag(z.mul(z)));
    assert.deepEqual(valuesOf(square(tf.complex(x, x))), [2, 8, 18]);
    const not = jit((b: tf.Tensor) => tf.logicalNot(b));
    assert.deepEqual(valuesOf(not(tf.tensor1d([true, false]))), [0, 1]);
    const sum = jit((v: tf.Tensor) => v.sum());
    assert.deepEqual(valuesOf(sum(tf.zeros([0, 3]))), [0]);
    assert.deepEqual(valuesOf(sum(tf.ones([1, 2, 1, 2, 1, 2]))), [8]);
    for (const f of [text, square, not, sum]) f.dispose();
  });

  it('has gradients of any order, inside and outside', () => {
    const cube = jit((v: tf.Tensor) => v.pow(3).sum());
    assert.deepEqual(valuesOf(tf.grad(cube)(x)), [3, 12, 27]);
    const second = jit((v: tf.Tensor) => tf.grad((u) => tf.grad(cube)(u).sum())(v));
    assert.deepEqual(valuesOf(second(x)), [6, 12, 18]);
    cube.dispose();
    second.dispose();
  });
});
