import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Callback, type Logs, type TrainingControl } from '../../src/callbacks/callback.js';
import { Dataset } from '../../src/datasets/index.js';
import { CnnError } from '../../src/errors.js';
import { batchNormalization, dense, dropout, flatten } from '../../src/layers/index.js';
import { type FitOptions, Sequential } from '../../src/models/index.js';
import { native } from '../../src/runtime/native.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';

const hasCode = (code: string) => (error: unknown) => error instanceof CnnError && error.code === code;

/** Points in the plane with the sign of their sum as label, kept as bytes. */
function points(count: number): Dataset {
  const x = Uint8Array.from({ length: count * 2 }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256);
  const y = Uint8Array.from({ length: count }, (_, i) => (x[2 * i]! + x[2 * i + 1]! > 255 ? 1 : 0));
  return Dataset.from(x, y, { shape: [2], scale: 1 / 255, numClasses: 2 });
}

function makeModel(
  options: { jit?: boolean; stepsPerExecution?: number | 'auto'; rate?: number } = {},
): Sequential {
  setRandomSeed(5);
  const model = new Sequential([
    dense({ units: 8, activation: 'tanh', inputShape: [2] }),
    dropout({ rate: options.rate ?? 0.1 }),
    dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    jit: options.jit ?? true,
    stepsPerExecution: options.stepsPerExecution ?? 'auto',
  });
  return model;
}

const quiet: FitOptions = { verbose: 0, seed: 3, batchSize: 16 };

async function trained(options: Parameters<typeof makeModel>[0], fitOptions: FitOptions = {}) {
  const model = makeModel(options);
  const history = await model.fit(points(200), { ...quiet, epochs: 3, ...fitOptions });
  const weights = model.getWeights().map((w) => [...w.data]);
  model.dispose();
  return { history: history.history, weights };
}

describe('fit', () => {
  it('learns', async () => {
    const model = makeModel();
    const { history, epoch } = await model.fit(points(600), {
      ...quiet,
      epochs: 30,
      validationData: points(100),
    });
    assert.deepEqual(
      epoch,
      Array.from({ length: 30 }, (_, i) => i),
    );
    assert.deepEqual(Object.keys(history), ['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    assert.ok(history.loss!.at(-1)! < history.loss![0]! / 2);
    const { accuracy } = await model.evaluate(points(300), { verbose: 0 });
    assert.ok(accuracy! > 0.9, `accuracy ${accuracy}`);
    const labels = (await model.predict(points(300))).argMax();
    const right = labels.filter((label, i) => label === points(300).label(i)).length;
    assert.ok(Math.abs(right / 300 - accuracy!) < 1e-6);
    model.dispose();
  });

  it('is the same after the same seed, however many steps a call runs', async () => {
    const one = await trained({ stepsPerExecution: 1 });
    assert.deepEqual(await trained({ stepsPerExecution: 1 }), one);
    assert.deepEqual((await trained({ stepsPerExecution: 5 })).weights, one.weights);
    const other = await trained({ stepsPerExecution: 1 }, { seed: 4 });
    assert.notDeepEqual(other.weights, one.weights);
  });

  it('gives the same numbers compiled and op by op', async () => {
    const [compiled, eager] = [await trained({ jit: true }), await trained({ jit: false })];
    for (const [i, weights] of compiled.weights.entries()) {
      for (const [j, weight] of weights.entries()) assert.ok(Math.abs(weight - eager.weights[i]![j]!) < 1e-5);
    }
  });

  it('splits off the last samples for validation', async () => {
    const model = makeModel({ rate: 0 });
    const { history } = await model.fit(points(100), { ...quiet, validationSplit: 0.2 });
    const held = await model.evaluate(points(100).slice(80), { verbose: 0 });
    assert.ok(Math.abs(held.loss! - history.val_loss![0]!) < 1e-6);
    for (const validationSplit of [1, -1, Number.NaN, Symbol('half'), '0.5'] as number[]) {
      await assert.rejects(model.fit(points(3), { ...quiet, validationSplit }), hasCode('INVALID_ARGUMENT'));
    }
    model.dispose();
  });

  it('takes tensors, typed arrays and nested arrays', async () => {
    const model = new Sequential([dense({ units: 1, inputShape: [2] })]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const targets = [[1], [2], [3]];
    const x = tf.tensor2d(rows);
    const y = tf.tensor2d(targets);
    const scores = [
      await model.evaluate(x, y, { verbose: 0 }),
      await model.evaluate(rows, targets, { verbose: 0 }),
      await model.evaluate(Float32Array.from(rows.flat()), targets, { verbose: 0 }),
      await model.evaluate({ data: Float32Array.from(rows.flat()), shape: [2] }, targets, { verbose: 0 }),
    ];
    for (const score of scores) assert.deepEqual(score, scores[0]);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('tells callbacks what happens, in order', async () => {
    const seen: string[] = [];
    class Watcher extends Callback {
      override onTrainBegin({ stepsPerEpoch }: TrainingControl) {
        seen.push(`begin ${stepsPerEpoch}`);
      }
      override onEpochBegin(epoch: number) {
        seen.push(`epoch ${epoch}`);
      }
      override async onBatchEnd(batch: number, logs: Logs) {
        assert.ok(Number.isFinite(logs.loss));
        seen.push(`batch ${batch}`);
      }
      override onEpochEnd(epoch: number, logs: Logs) {
        seen.push(`end ${epoch} ${Object.keys(logs)}`);
      }
      override onTrainEnd() {
        seen.push('done');
      }
    }
    const model = makeModel();
    await model.fit(points(40), { ...quiet, epochs: 1, callbacks: [new Watcher()] });
    assert.deepEqual(seen, [
      'begin 3',
      'epoch 0',
      'batch 0',
      'batch 1',
      'batch 2',
      'end 0 loss,accuracy',
      'done',
    ]);
    model.dispose();
  });

  it('stops when a callback says so, and when it is aborted', async () => {
    class Stopper extends Callback {
      private control: TrainingControl | undefined;
      override onTrainBegin(control: TrainingControl) {
        this.control = control;
      }
      override onEpochEnd(epoch: number) {
        if (epoch === 1) this.control!.stopTraining('enough');
      }
    }
    const model = makeModel();
    const history = await model.fit(points(40), { ...quiet, epochs: 9, callbacks: [new Stopper()] });
    assert.deepEqual([history.epoch.length, history.stopReason], [2, 'enough']);
    const controller = new AbortController();
    class Aborter extends Callback {
      override onBatchEnd() {
        controller.abort();
      }
    }
    await assert.rejects(
      model.fit(points(40), { ...quiet, epochs: 9, callbacks: [new Aborter()], signal: controller.signal }),
      hasCode('ABORTED'),
    );
    await model.fit(points(40), quiet);
    model.dispose();
  });

  it('does nothing where it is aborted already, and tells the reason', async () => {
    const model = makeModel();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const weights = model.getWeights();
    const [x, y] = [[[0, 1]], [1]];
    for (const work of [
      () => model.fit(points(40), { ...quiet, signal }),
      () => model.evaluate(x, y, { verbose: 0, signal }),
      () => model.predict(x, { signal }),
    ]) {
      await assert.rejects(work, { name: 'AbortError', code: 'ABORTED', cause: reason });
    }
    assert.deepEqual(model.getWeights(), weights);
    model.dispose();
  });

  it('lets other things happen between steps that run op by op', async () => {
    const model = makeModel({ jit: false });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const endless = model.fit(points(400), { ...quiet, epochs: 200, signal: controller.signal });
    await assert.rejects(endless, hasCode('ABORTED'));
    model.dispose();
  });

  it('stops at a loss that is not finite', async () => {
    const model = new Sequential([dense({ units: 1, inputShape: [1] })]);
    model.compile({ optimizer: { className: 'SGD', config: { learningRate: 1e30 } }, loss: 'mse' });
    await assert.rejects(
      model.fit([[1], [2], [3]], [[1], [2], [4]], { ...quiet, batchSize: 1, epochs: 5 }),
      (error) => {
        assert.ok(hasCode('NON_FINITE_LOSS')(error));
        assert.ok(((error as CnnError).details.step as number) <= 2);
        return true;
      },
    );
    model.dispose();
  });

  it('refuses bad data before the first step', async () => {
    const model = makeModel();
    const weights = model.getWeights();
    const labels = (...values: number[]) => Int32Array.from(values);
    const x = [
      [0, 0],
      [1, 1],
    ];
    await assert.rejects(model.fit(x, labels(0, 2), quiet), hasCode('DATA_INVALID'));
    await assert.rejects(model.fit(x, labels(0, -1), quiet), hasCode('DATA_INVALID'));
    await assert.rejects(model.fit(x, labels(0), quiet), hasCode('SHAPE_MISMATCH'));
    await assert.rejects(model.fit([[1, 2, 3]], labels(0), quiet), hasCode('SHAPE_MISMATCH'));
    await assert.rejects(
      model.fit(x, labels(0, 1), { ...quiet, sampleWeight: [1] }),
      hasCode('SHAPE_MISMATCH'),
    );
    await assert.rejects(model.fit(x, labels(0, 1), { ...quiet, batchSize: 0 }), hasCode('INVALID_ARGUMENT'));
    await assert.rejects(model.fit(x, labels(0, 1), { ...quiet, epochs: 1.5 }), hasCode('INVALID_ARGUMENT'));
    await assert.rejects(
      model.fit(x, labels(0, 1), { ...quiet, classWeight: { 0: -1 } }),
      hasCode('INVALID_ARGUMENT'),
    );
    assert.deepEqual(model.getWeights(), weights);
    model.dispose();
  });

  it('is one at a time', async () => {
    const model = makeModel();
    const first = model.fit(points(40), quiet);
    await assert.rejects(model.fit(points(40), quiet), hasCode('INVALID_ARGUMENT'));
    await first;
    model.dispose();
  });

  it('leaves the event loop free', async () => {
    const model = new Sequential([
      flatten({ inputShape: [28, 28] }),
      dense({ units: 512, activation: 'relu' }),
      dense({ units: 10, activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    const x = { data: new Uint8Array(4000 * 784).map((_, i) => i % 251), shape: [28, 28], scale: 1 / 255 };
    const y = new Int32Array(4000).map((_, i) => i % 10);
    await model.fit(x, y, { ...quiet, batchSize: 128 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await model.fit(x, y, { ...quiet, batchSize: 128, epochs: 3 });
    clearInterval(timer);
    assert.ok(ticks > 3, `${ticks} ticks`);
    model.dispose();
  });

  it('keeps tensors, native handles, variables and functions in number, also when it throws', async () => {
    const counts = () => [
      tf.memory().numTensors,
      native()!.binding.getNumOfTensors(),
      native()!.binding.functionCount,
      countVariables(),
    ];
    const start = counts();
    const model = new Sequential([
      dense({ units: 4, inputShape: [2] }),
      batchNormalization(),
      dense({ units: 2, activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(points(40), { ...quiet, epochs: 2, validationData: points(20) });
    await model.predict(points(20));
    const trained = counts();
    await model.fit(points(40), { ...quiet, epochs: 2, validationData: points(20) });
    await model.evaluate(points(20), { verbose: 0 });
    await model.predict(points(20));
    await assert.rejects(model.fit([[0, 0]], Int32Array.of(7), quiet));
    await assert.rejects(model.fit(points(40), { ...quiet, validationData: [[[0]], [0]] }));
    class Thrower extends Callback {
      override onBatchEnd() {
        throw new Error('no');
      }
    }
    await assert.rejects(model.fit(points(40), { ...quiet, callbacks: [new Thrower()] }), /no/);
    const [tensors, handles, , variables] = counts();
    assert.deepEqual([tensors, variables], [trained[0], trained[3]]);
    assert.ok(handles! <= trained[1]!, `${handles} handles, ${trained[1]} before`);
    model.dispose();
    assert.deepEqual(counts(), start);
  });
});
