import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import {
  CSVLogger,
  EarlyStopping,
  LearningRateScheduler,
  ReduceLROnPlateau,
} from '../../src/callbacks/index.js';
import { adam, classes, sgd } from '../../src/optimizers/index.js';
import { cosineDecay } from '../../src/optimizers/schedules/index.js';
import { type Outcome, PAUSES_PER_EPOCH, type Program, points, runProgram } from './cut-training.js';

const isFull = process.env.CNN_CAMPAIGN === 'full';
const root = mkdtempSync(path.join(os.tmpdir(), 'cnn-resume-'));
after(() => rmSync(root, { recursive: true }));
const newFolder = () => mkdtempSync(path.join(root, 'run-'));

/** Cut off after each number of pauses, and gone on with in a model that began with other numbers. */
async function runWithCuts(program: Program, cuts: readonly number[]): Promise<Outcome | undefined> {
  const folder = newFolder();
  for (const [i, cutAfter] of cuts.entries()) {
    assert.equal(await runProgram(program, { folder, cutAfter, seed: 100 + i }), undefined, `${cutAfter}`);
    assert.deepEqual(readdirSync(folder), ['checkpoint.safetensors']);
  }
  const outcome = await runProgram(program, { folder, seed: 99 });
  assert.equal(existsSync(path.join(folder, 'checkpoint.safetensors')), false);
  return outcome;
}

/**
 * In the full size each cut by itself, at 20 places or as many as `last` says; else a few, one after the other in one
 * training.
 */
async function check(
  program: Program,
  cuts: readonly number[] = [3, 2 * PAUSES_PER_EPOCH],
  last = 20,
): Promise<void> {
  // The seed of the first part, which all that follow go on with.
  const whole = await runProgram(program, { seed: 100 });
  if (!isFull) {
    assert.deepEqual(await runWithCuts(program, cuts), whole);
    return;
  }
  for (let cut = 1; cut <= last; cut++) {
    assert.deepEqual(await runWithCuts(program, [cut]), whole, `cut after ${cut} pauses`);
  }
}

describe('a training that is cut off and gone on with equals one that never stopped', () => {
  for (const Optimizer of Object.values(classes)) {
    // Compiled steps take their time to be traced; those of the other cases here are.
    it(Optimizer.className, () => check({ optimizer: () => new Optimizer(), jit: isFull }, [10]));
  }

  it('with callbacks: EarlyStopping, ReduceLROnPlateau', () =>
    check({
      optimizer: () => adam({ learningRate: 0.05 }),
      callbacks: () => [
        new EarlyStopping({ patience: 20, restoreBestWeights: true }),
        new ReduceLROnPlateau({ monitor: 'loss', patience: 1, minDelta: 1, factor: 0.5 }),
      ],
    }));

  it('where EarlyStopping stopped it', async () => {
    const program: Program = {
      optimizer: () => sgd(),
      callbacks: () => [new EarlyStopping({ monitor: 'accuracy', patience: 1, minDelta: 1 })],
      fit: { epochs: 9 },
    };
    const whole = await runProgram(program, { seed: 100 });
    assert.match(whole!.stopReason!, /accuracy/);
    assert.deepEqual(await runWithCuts(program, [PAUSES_PER_EPOCH, PAUSES_PER_EPOCH + 2]), whole);
  });

  it('with a schedule by step, one by epoch', async () => {
    await check({
      optimizer: () => adam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 20 }) }),
    });
    await check({
      optimizer: () => sgd({ momentum: 0.9, clipnorm: 1, weightDecay: 0.01 }),
      callbacks: () => [new LearningRateScheduler((_, rate) => rate * 0.7)],
    });
  });

  it('with several steps in a call, in order, with weights and a part held out', async () => {
    await check({ optimizer: () => adam(), stepsPerExecution: 3 });
    // One call may take the whole last epoch, which is then not cut any more.
    await check({ optimizer: () => adam(), stepsPerExecution: 'auto' }, undefined, 2 * PAUSES_PER_EPOCH);
    await check({
      optimizer: () => adam(),
      fit: {
        shuffle: false,
        sampleWeight: Float32Array.from({ length: 135 }, (_, i) => i / 135),
        classWeight: { 1: 2 },
        validationData: undefined,
        validationSplit: 0.2,
        validationFreq: 2,
      },
      train: points(135),
    });
  });

  it('a log in CSV has each epoch once', async () => {
    const folder = newFolder();
    const log = (name: string): Program => ({
      optimizer: () => sgd(),
      callbacks: () => [new CSVLogger({ filename: path.join(folder, name) })],
    });
    await runProgram(log('whole.csv'), { seed: 100 });
    await runWithCuts(log('cut.csv'), [5, 2 * PAUSES_PER_EPOCH]);
    const [whole, cut] = ['whole.csv', 'cut.csv'].map((name) =>
      readFileSync(path.join(folder, name), 'utf8'),
    );
    assert.equal(cut, whole);
  });
});

describe('a checkpoint of another training is refused', () => {
  const base: Program = { optimizer: () => adam() };
  const changed: Record<string, Program> = {
    data: { ...base, train: points(112, 7907) },
    'one byte of the data': {
      ...base,
      train: (() => {
        const data = points(112);
        data.x.data[150]! ^= 1;
        return data;
      })(),
    },
    validation: { ...base, fit: { validationData: points(32, 7919) } },
    batchSize: { ...base, fit: { batchSize: 20 } },
    seed: { ...base, fit: { seed: 1 } },
    optimizer: { optimizer: () => adam({ beta1: 0.8 }) },
    precision: { ...base, precision: 'mixed_bfloat16' },
    learningRate: { optimizer: () => adam({ learningRate: 0.1 }) },
    callbacks: { ...base, callbacks: () => [new EarlyStopping()] },
  };

  it('by what differs', async () => {
    const folder = newFolder();
    await runProgram(base, { folder, cutAfter: 3 });
    for (const [name, program] of Object.entries(changed)) {
      await assert.rejects(runProgram(program, { folder }), { code: 'CHECKPOINT_MISMATCH' }, name);
    }
    const whole = await runProgram(base);
    assert.deepEqual(await runProgram(base, { folder }), whole);
  });
});
