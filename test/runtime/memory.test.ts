// Memory is flat: after each piece of work, and after each that failed, exactly as many tensors, native objects,
// functions and variables are alive as before it. Native objects are counted at the C API.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { ready } from '../../src/runtime/backend.js';
import type { Binding } from '../../src/runtime/binding.js';
import { jit } from '../../src/runtime/jit.js';
import { native } from '../../src/runtime/native.js';
import { nativeOp, nativeScope } from '../../src/runtime/op.js';
import { countVariables, Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { recordCorpus } from './invalid-ops/corpus.js';
import { Ledger } from './ledger.js';

let binding: Binding;
let ledger: Ledger;
const outer: { matrix?: tf.Tensor2D; large?: tf.Tensor2D; tall?: tf.Tensor2D } = {};

before(async () => {
  await ready();
  binding = native()!.binding;
  ledger = new Ledger(binding.context.c);
  outer.matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  outer.large = tf.ones([20, 20]);
  outer.tall = tf.ones([3, 2]);
  // A tensor goes native when it is first used.
  for (const tensor of Object.values(outer)) tensor.add(tensor).dispose();
});

function counts() {
  return {
    tensors: tf.memory().numTensors,
    data: native()!.backend.numDataIds(),
    handles: binding.getNumOfTensors(),
    functions: binding.functionCount,
    variables: countVariables(),
    ...ledger.counts(),
  };
}

/** Runs some work twice (the first may fill caches), and compares what is alive before and after the second. */
async function expectFlat(work: () => unknown): Promise<void> {
  await work();
  const alive = counts();
  await work();
  assert.deepEqual(counts(), alive);
  assert.deepEqual(ledger.wrongs, []);
}

const matrix = () => outer.matrix!;
const large = () => outer.large!;
/** A matrix that fits none of the others. */
const tall = () => outer.tall!;
const failing = (work: () => unknown, expected: RegExp | object = Error) => assert.throws(work, expected);

describe('memory is flat', () => {
  beforeEach(() => assert.equal(binding.trace, undefined));

  it('around every op that this package uses', () => expectFlat(() => recordCorpus(binding)));

  it('around tensors that are made, used, read and disposed', () =>
    expectFlat(async () => {
      const sum = matrix().add(1);
      const text = tf.tidy(() => tf.tensor1d(['short', 'a string that is too long for its slot']).tile([2]));
      const complex = tf.complex(matrix(), matrix());
      sum.dataSync();
      await text.data();
      await complex.array();
      const never = tf.tensor1d([1, 2]);
      tf.dispose([sum, text, complex, never]);
      sum.dispose();
    }));

  it('when an op fails, in a tidy or not', () =>
    expectFlat(() => {
      failing(() => matrix().matMul(tall()));
      failing(() =>
        tf.tidy(() =>
          matrix()
            .add(1)
            .matMul(tf.ones([3, 2])),
        ),
      );
      failing(() => matrix().gather([7]));
      failing(() => matrix().slice([0, 0], [9, 9]));
      failing(() => matrix().reshape([5]));
      failing(() => tf.concat([matrix(), large()]));
      failing(() => nativeOp('Reshape', [matrix(), matrix()]));
      failing(() => nativeOp('NoSuchOp', [matrix()]));
      failing(() => nativeOp('MatMul', [matrix()]));
    }));

  it('when an op makes what tfjs cannot hold', () =>
    expectFlat(() => {
      failing(() => nativeOp('Cast', [matrix()], { DstT: 'float64' }));
      failing(() => nativeScope('half', ({ input, cast }) => cast(input(matrix()), 'bfloat16')));
      failing(() =>
        nativeScope('thrown', ({ input, cast }) => {
          cast(input(matrix()), 'bfloat16');
          throw new Error('from inside');
        }),
      );
    }));

  it('when a disposed tensor is used', () =>
    expectFlat(() => {
      const gone = matrix().add(1);
      gone.dispose();
      failing(() => gone.add(1));
      failing(() => gone.dataSync());
    }));

  it('around gradients, also of functions that throw', () =>
    expectFlat(() => {
      const loss = (x: tf.Tensor) => x.matMul(large()).square().mean() as tf.Scalar;
      tf.dispose(tf.grad(loss)(large()));
      tf.dispose(tf.valueAndGrad(loss)(large()));
      const variable = tf.variable(large(), true);
      const { value, grads } = tf.variableGrads(() => loss(variable));
      tf.dispose([value, grads]);
      variable.dispose();
      failing(() => tf.grad((x) => x.square().matMul(tall()))(large()));
      failing(() =>
        tf.grad((x) => {
          x.square();
          throw new Error('from inside');
        })(large()),
      );
    }));

  it('around variables, also when they refuse', () =>
    expectFlat(() => {
      const variable = new Variable(matrix());
      tf.tidy(() => {
        variable.assignAdd(matrix());
        variable.assign(variable.read().mul(2));
        failing(() => variable.assign(large()), { code: 'SHAPE_MISMATCH' });
      });
      variable.dispose();
      variable.dispose();
      failing(() => variable.read(), { code: 'DISPOSED' });
    }));
});

describe('memory is flat around jit', () => {
  it('for many calls of one function, with constants and captured tensors', () =>
    expectFlat(() => {
      const variable = new Variable(large());
      const step = jit((x: tf.Tensor) => {
        const product = x.matMul(large()).add(matrix().sum()).add(variable.read());
        variable.assignSub(product.mul(0.1));
        return { mean: product.mean(), product };
      });
      for (let i = 0; i < 20; i++) {
        tf.dispose(step(large()));
        const input = tf.ones([20, 20]);
        tf.dispose(step(input as tf.Tensor));
        input.dispose();
      }
      step.dispose();
      variable.dispose();
    }));

  it('for calls on another thread whose inputs are disposed meanwhile', () =>
    expectFlat(async () => {
      const double = jit((x: tf.Tensor) => x.matMul(large()).mul(2));
      const input = tf.ones([20, 20]) as tf.Tensor;
      const first = double.async(input);
      input.dispose();
      const results = [await first, await double.async(large())];
      assert.equal(results[0]!.dataSync()[0], 40);
      tf.dispose(results);
      double.dispose();
    }));

  it('when tracing fails', () =>
    expectFlat(() => {
      const reading = jit((x: tf.Tensor) => x.matMul(large()).mul(x.dataSync()[0]!));
      failing(() => reading(large()), { code: 'TRACE_READ' });
      const dynamic = jit((x: tf.Tensor) => nativeOp('Where', [x.matMul(large())])[0]!);
      failing(() => dynamic(large()), { code: 'TRACE_DYNAMIC_SHAPE' });
      const wrong = jit((x: tf.Tensor) => x.add(large()).matMul(tall()));
      failing(() => wrong(large()));
      const throwing = jit((x: tf.Tensor): tf.Tensor => {
        x.add(large());
        throw new Error('from inside');
      });
      failing(() => throwing(large()), /from inside/);
      const number = jit((x: tf.Tensor) => x.add(large()).shape as unknown as tf.Tensor);
      failing(() => number(large()), { code: 'INVALID_ARGUMENT' });
      for (const fn of [reading, dynamic, wrong, throwing, number]) fn.dispose();
    }));

  it('when a call fails, on this thread and another', () =>
    expectFlat(async () => {
      const pick = jit((x: tf.Tensor, index: tf.Tensor) => x.matMul(large()).gather(index as tf.Tensor1D));
      const good = tf.tensor1d([1], 'int32');
      const bad = tf.tensor1d([99], 'int32');
      tf.dispose(pick(large(), good));
      failing(() => pick(large(), bad), { code: 'NATIVE_OP_FAILED' });
      await assert.rejects(pick.async(large(), bad), { code: 'NATIVE_OP_FAILED' });
      tf.dispose([good, bad]);
      pick.dispose();
    }));

  it('when it shows a graph, and when one function calls another', () =>
    expectFlat(() => {
      const inner = jit((x: tf.Tensor) => x.matMul(large()));
      const whole = jit((x: tf.Tensor) => inner(x).add(inner(x)));
      whole.trace(large()).toGraphDef();
      tf.dispose(whole(large()));
      inner.dispose();
      whole.dispose();
    }));

  it('for gradients inside, also when the function throws in the middle of one', () =>
    expectFlat(() => {
      const gradient = jit((x: tf.Tensor) => tf.grad((y) => y.matMul(large()).square().sum())(x));
      tf.dispose(gradient(large()));
      const broken = jit((x: tf.Tensor) => tf.grad((y) => y.matMul(large()).matMul(tall()))(x));
      failing(() => broken(large()));
      gradient.dispose();
      broken.dispose();
    }));
});
