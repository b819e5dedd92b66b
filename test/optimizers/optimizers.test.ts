import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getOptimizer } from '../../src/optimizers/get.js';
import { classes } from '../../src/optimizers/index.js';
import type { Optimizer } from '../../src/optimizers/optimizer.js';
import { jit } from '../../src/runtime/jit.js';
import { countVariables, Variable } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { assertClose, type OptimizerCase, oracle, values } from '../oracle/oracle.js';

const { initial, gradients, cases } = oracle('optimizers');
/** Options of Keras that we do not have. */
const unsupported = new Set(['useEma', 'gradientAccumulationSteps']);
const supported = cases.filter((c) => !Object.keys(c.options).some((key) => unsupported.has(key)));

/** Our optimizer for a fixture's name and options. */
function make(optimizer: string, options: OptimizerCase['options']): Optimizer {
  const rate = options.learningRate as { schedule?: string; options: Record<string, unknown> } | undefined;
  const learningRate =
    rate?.schedule === undefined ? rate : { className: rate.schedule, config: rate.options };
  return getOptimizer({ className: optimizer, config: { ...options, learningRate } });
}

function makeVariables(columnParts?: number): Variable[] {
  return initial.map((value, i) => {
    const tensor = tf.tensor(values(value), value.shape);
    const variable = new Variable(tensor, { name: `v${i}`, columnParts });
    tensor.dispose();
    return variable;
  });
}

function read(variable: Variable): Float32Array {
  return tf.tidy(() => variable.read().dataSync<'float32'>());
}

/** Takes steps with the fixtures' gradients; calls back after each. */
function train(
  apply: (gradients: tf.Tensor[]) => void,
  from: number,
  to: number,
  after: (step: number) => void = () => {},
): void {
  for (let step = from; step < to; step++) {
    tf.tidy(() => apply(gradients[step]!.map((g) => tf.tensor(values(g), g.shape))));
    after(step);
  }
}

/** An optimizer with the variables it trains. */
function setUp(c: Pick<OptimizerCase, 'optimizer' | 'options'>, columnParts?: number) {
  const variables = makeVariables(columnParts);
  const optimizer = make(c.optimizer, c.options);
  optimizer.build(variables);
  const dispose = () => {
    for (const variable of variables) variable.dispose();
    optimizer.dispose();
  };
  return { variables, optimizer, dispose };
}

for (const mode of MODES) {
  describe(`optimizers, ${mode.name}: weights after each of ten steps, and state, are Keras's`, () => {
    for (const [c, columnParts] of supported.flatMap((c) => [[c, 1] as const, [c, 2] as const])) {
      it(columnParts === 1 ? c.name : `${c.name}, of variables in parts`, async () => {
        await enter(mode);
        const before = { variables: countVariables(), tensors: tf.memory().numTensors };
        const { variables, optimizer, dispose } = setUp(c, columnParts);
        const apply = mode.compile((...grads: tf.Tensor[]) => optimizer.applyGradients(grads));
        train(
          (grads) => apply(...grads),
          0,
          10,
          (step) => {
            for (const [i, variable] of variables.entries()) {
              assertClose(read(variable), c.weights[step]![i]!, `v${i} after step ${step}`);
            }
          },
        );
        assert.equal(optimizer.variables.length, c.variables.length);
        for (const [i, { name, value }] of c.variables.entries()) {
          const variable = optimizer.variables[i]!;
          assert.deepEqual([...variable.shape], value.shape, name);
          assert.equal(variable.dtype, value.dtype ?? 'float32', name);
          // Keras has no name for Nadam's product.
          if (name !== 'variable') assert.equal(variable.name, name);
          // The fused Adam subtracts 1 - beta2 in float32.
          assertClose(read(variable), value, name, name.includes('velocity') ? 2e-5 : 1e-5);
        }
        apply.dispose();
        dispose();
        assert.deepEqual({ variables: countVariables(), tensors: tf.memory().numTensors }, before);
      });
    }
  });
}

describe('a resumed optimizer goes on bit for bit', () => {
  for (const c of supported) {
    it(c.name, async () => {
      await enter(MODES[0]!);
      const straight = setUp(c);
      train((grads) => straight.optimizer.applyGradients(grads), 0, 10);
      const first = setUp(c);
      train((grads) => first.optimizer.applyGradients(grads), 0, 4);
      const second = setUp(c);
      tf.tidy(() => {
        for (const [i, variable] of second.variables.entries()) variable.assign(first.variables[i]!.read());
        for (const [i, variable] of second.optimizer.variables.entries())
          variable.assign(first.optimizer.variables[i]!.read());
      });
      train((grads) => second.optimizer.applyGradients(grads), 4, 10);
      for (const [i, variable] of [...second.variables, ...second.optimizer.variables].entries()) {
        const other = [...straight.variables, ...straight.optimizer.variables][i]!;
        assert.deepEqual(read(variable), read(other), variable.name);
      }
      for (const { dispose } of [straight, first, second]) dispose();
    });
  }
});

describe('optimizers', () => {
  it('have every class in the fixtures', () => {
    const tested = new Set(supported.map((c) => c.optimizer.toLowerCase()));
    assert.deepEqual(new Set(Object.keys(classes).map((name) => name.toLowerCase())), tested);
  });

  for (const c of supported) {
    it(`${c.name}: config makes an equal one`, () => {
      const optimizer = make(c.optimizer, c.options);
      const config = JSON.parse(JSON.stringify(optimizer.getConfig()));
      const again = getOptimizer({ className: optimizer.className, config });
      assert.deepEqual(again.getConfig(), optimizer.getConfig());
      for (const [key, value] of Object.entries(c.options)) {
        if (key !== 'learningRate' || typeof value === 'number') assert.equal(config[key], value, key);
      }
    });
  }

  it('resolve names in any spelling, and suggest one for an unknown name', () => {
    for (const name of ['adam', 'Adam', 'SGD', 'sgd', 'rmsprop', 'RMSprop', 'adamW', 'adamw', 'AdamW']) {
      assert.equal(getOptimizer(name).className.toLowerCase(), name.toLowerCase());
    }
    const own = getOptimizer('adam');
    assert.equal(getOptimizer(own), own);
    assert.throws(() => getOptimizer('adm'), { code: 'UNKNOWN_NAME', message: /"adam"/ });
    assert.throws(() => getOptimizer(3 as never), { code: 'INVALID_ARGUMENT' });
  });

  it('refuse options out of range', () => {
    const wrong: [string, Record<string, unknown>][] = [
      ['sgd', { learningRate: -1 }],
      ['sgd', { learningRate: Number.NaN }],
      ['sgd', { momentum: 2 }],
      ['sgd', { clipnorm: 0 }],
      ['sgd', { clipnorm: 1, clipvalue: 1 }],
      ['sgd', { weightDecay: -0.1 }],
      ['adam', { beta1: 1.5 }],
      ['adam', { epsilon: Number.POSITIVE_INFINITY }],
      ['rmsprop', { rho: -1 }],
      ['adagrad', { initialAccumulatorValue: -1 }],
      ['ftrl', { learningRatePower: 1 }],
    ];
    for (const [className, config] of wrong) {
      assert.throws(() => getOptimizer({ className, config }), { code: 'INVALID_ARGUMENT' }, className);
    }
  });

  it('need to be built, once, and take a gradient for each variable', async () => {
    await enter(MODES[0]!);
    const { variables, optimizer, dispose } = setUp({ optimizer: 'adam', options: {} });
    const state = optimizer.variables;
    optimizer.build([...variables]);
    assert.equal(optimizer.variables, state);
    assert.throws(() => optimizer.build(variables.slice(1)), { code: 'INVALID_ARGUMENT' });
    assert.throws(() => optimizer.applyGradients([]), { code: 'INVALID_ARGUMENT' });
    dispose();
    assert.throws(() => optimizer.applyGradients([]), { code: 'NOT_BUILT' });
    assert.throws(() => optimizer.iterations, { code: 'NOT_BUILT' });
  });

  it('take a new learning rate without another trace', async () => {
    await enter(MODES[1]!);
    const { variables, optimizer, dispose } = setUp({ optimizer: 'sgd', options: { learningRate: 0.1 } });
    const apply = jit((...grads: tf.Tensor[]) => optimizer.applyGradients(grads));
    const ones = variables.map(({ shape }) => tf.ones([...shape]));
    const start = read(variables[1]!);
    apply(...ones);
    optimizer.learningRate = 0.5;
    assert.equal(optimizer.learningRate, 0.5);
    apply(...ones);
    assert.equal(apply.size, 1);
    for (const [i, value] of read(variables[1]!).entries())
      assert.ok(Math.abs(start[i]! - 0.6 - value) < 1e-6);
    assert.throws(
      () => {
        optimizer.learningRate = Number.NaN;
      },
      { code: 'INVALID_ARGUMENT' },
    );
    apply.dispose();
    tf.dispose(ones);
    dispose();
    // It survives its state.
    assert.equal(optimizer.learningRate, 0.5);
  });

  it('show the rate of a schedule, which cannot be set', async () => {
    await enter(MODES[0]!);
    const schedule = {
      schedule: 'exponentialDecay',
      options: { initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 },
    };
    const { optimizer, dispose } = setUp({ optimizer: 'sgd', options: { learningRate: schedule } });
    assert.equal(optimizer.learningRate, 0.1);
    train((grads) => optimizer.applyGradients(grads), 0, 2);
    assert.equal(optimizer.learningRate, 0.025);
    assert.throws(
      () => {
        optimizer.learningRate = 0.1;
      },
      { code: 'INVALID_ARGUMENT' },
    );
    dispose();
  });

  it('do not decay excluded variables', async () => {
    await enter(MODES[0]!);
    const options = { learningRate: 0.1, weightDecay: 0.5, excludeFromWeightDecay: ['1'] };
    const { variables, optimizer, dispose } = setUp({ optimizer: 'adamW', options });
    const start = variables.map(read);
    tf.tidy(() => optimizer.applyGradients(variables.map(({ shape }) => tf.zeros([...shape]))));
    assertNear(
      read(variables[0]!),
      start[0]!.map((w) => w * 0.95),
    );
    assert.deepEqual(read(variables[1]!), start[1]);
    dispose();
  });

  it('let a gradient norm that overflows be seen', async () => {
    await enter(MODES[0]!);
    for (const options of [{ globalClipnorm: 1 }, { clipnorm: 1 }]) {
      const { variables, optimizer, dispose } = setUp({ optimizer: 'sgd', options });
      tf.tidy(() => optimizer.applyGradients(variables.map(({ shape }) => tf.fill([...shape], 1e25))));
      assert.ok(read(variables[0]!).every(Number.isNaN));
      dispose();
    }
  });
});

function assertNear(actual: Float32Array, expected: Float32Array): void {
  for (const [i, want] of expected.entries()) assert.ok(Math.abs(actual[i]! - want) <= 1e-6 * Math.abs(want));
}
