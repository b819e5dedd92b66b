import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Callback, type Pause } from '../../src/callbacks/callback.js';
import { Dataset } from '../../src/datasets/index.js';
import { CnnError } from '../../src/errors.js';
import { conv2d, dense, dropout, flatten } from '../../src/layers/index.js';
import { type FitOptions, type Profile, Sequential } from '../../src/models/index.js';
import { profileText } from '../../src/profile/text.js';
import { memory } from '../../src/runtime/backend.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import * as tf from '../../src/tf.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'cnn-profile-'));
after(() => rmSync(folder, { recursive: true }));

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly tid: number;
  readonly args?: { readonly name?: string; readonly type?: string };
}

function pictures(count: number): Dataset {
  const x = Uint8Array.from({ length: count * 64 }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256);
  const y = Uint8Array.from({ length: count }, (_, i) => i % 3);
  return Dataset.from(x, y, { shape: [8, 8, 1], scale: 1 / 255, numClasses: 3 });
}

function makeModel(): Sequential {
  setRandomSeed(1);
  const model = new Sequential([
    conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1], name: 'eyes' }),
    flatten(),
    dropout({ rate: 0.2 }),
    dense({ units: 3, activation: 'softmax', name: 'verdict' }),
  ]);
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    stepsPerExecution: 2,
  });
  return model;
}

async function profiled(options: FitOptions = {}, file = path.join(folder, 'trace.json')) {
  const model = makeModel();
  const found: Profile[] = [];
  await model.fit(pictures(320), {
    batchSize: 8,
    epochs: 3,
    verbose: 0,
    seed: 1,
    profile: { path: file, steps: 12, onProfile: (profile) => void found.push(profile) },
    ...options,
  });
  const weights = model.getWeights().map(({ data }) => [...data]);
  model.dispose();
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: TraceEvent[] };
  return { found, weights, traceEvents };
}

const isNear = (a: number, b: number) => Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(b));

describe('a profile', () => {
  let one: Awaited<ReturnType<typeof profiled>>;
  before(async () => {
    one = await profiled();
  });

  it('tells where the whole of a step goes, in time and in cores', () => {
    const { found } = one;
    const [profile] = found;
    assert.equal(found.length, 1);
    const { steps, calls, time, cores, idle, categories, ops } = profile!;
    assert.deepEqual([steps, calls], [12, 6]);
    const sum = (key: 'time' | 'coreTime') => categories.reduce((total, part) => total + part[key], 0);
    assert.ok(isNear(sum('time'), time), `${sum('time')} of ${time}`);
    assert.ok(isNear(sum('coreTime') + idle, time * cores));
    for (const { category, time: part } of categories) {
      const ofOps = ops.filter((op) => op.category === category).reduce((total, op) => total + op.time, 0);
      if (category !== 'scheduling' && category !== 'host') assert.ok(isNear(ofOps, part), category);
    }
    for (const name of ['products', 'updates', 'random numbers', 'data', 'loss and metrics']) {
      assert.ok(categories.find(({ category }) => category === name)!.time > 0, name);
    }
  });

  it('tells what layers and ops take, forward and backward', () => {
    const { layers, ops } = one.found[0]!;
    assert.deepEqual(
      layers.filter(({ forward, backward }) => forward > 0 && backward > 0).map(({ layer }) => layer),
      ['eyes', 'flatten', 'dropout', 'verdict'],
    );
    assert.ok(ops.some(({ node, type }) => node.startsWith('eyes/') && type.includes('Conv2D')));
    assert.ok(ops.some(({ node, type }) => node.startsWith('gradients/verdict/') && type.includes('MatMul')));
    assert.ok(ops.every(({ count }) => count > 0));
  });

  it('writes a trace whose events nest in each thread', () => {
    const { traceEvents, found } = one;
    const complete = traceEvents.filter(({ ph }) => ph === 'X');
    const names = new Map(
      traceEvents.filter(({ ph }) => ph === 'M').map(({ tid, args }) => [tid, args!.name]),
    );
    assert.equal(names.get(0), 'JavaScript');
    const length = found[0]!.time * found[0]!.steps * 1000;
    for (const { ts, dur, tid } of complete) {
      assert.ok(ts >= 0 && dur >= 0 && ts + dur <= length + 1 && names.has(tid));
    }
    for (const tid of names.keys()) {
      const open: TraceEvent[] = [];
      const own = complete.filter((event) => event.tid === tid);
      for (const event of own.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
        // Times are rounded to nanoseconds.
        while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur <= event.ts + 0.002) open.pop();
        const outer = open.at(-1);
        const fits = outer === undefined || event.ts + event.dur <= outer.ts + outer.dur + 0.002;
        assert.ok(fits, `${event.name} in ${outer?.name}`);
        open.push(event);
      }
    }
  });

  it('puts the ops of a call inside the call', () => {
    const { traceEvents } = one;
    const calls = traceEvents.filter(({ name, tid }) => tid === 0 && name === 'call');
    const products = traceEvents.filter(({ cat }) => cat === 'products');
    assert.ok(calls.length > 0 && products.length > 0);
    const isIn = (inner: TraceEvent) => (outer: TraceEvent) =>
      inner.ts >= outer.ts && inner.ts + inner.dur <= outer.ts + outer.dur;
    assert.deepEqual(
      products.filter((product) => !calls.some(isIn(product))).map(({ name }) => name),
      [],
    );
  });

  it('changes no numbers, and leaves nothing behind', async () => {
    const { nativeHandles, functions } = memory();
    const again = await profiled({ profile: false });
    assert.deepEqual(again.weights, one.weights);
    await profiled();
    assert.deepEqual({ ...memory() }, { ...memory(), nativeHandles, functions });
  });

  it('is printed', () => {
    const lines = profileText(one.found[0]!);
    for (const word of ['products', 'idle', 'verdict', 'call', 'trace.json']) {
      assert.ok(
        lines.some((line) => line.includes(word)),
        word,
      );
    }
  });

  it('can be made again after a training that failed', async () => {
    class Failure extends Callback {
      override onPause({ epoch, step }: Pause): void {
        if (epoch === 0 && step === 30) throw new Error('as planned');
      }
    }
    const fails = profiled({
      profile: { steps: 1000, path: path.join(folder, 'none.json') },
      callbacks: [new Failure()],
    });
    await assert.rejects(fails, /as planned/);
    assert.equal(existsSync(path.join(folder, 'none.json')), false);
    assert.equal((await profiled()).found.length, 1);
  });

  it('is refused for steps that are no number, and where TensorFlow does not compute', async () => {
    const wrong = profiled({ profile: { steps: 0 } });
    await assert.rejects(wrong, (error) => error instanceof CnnError && error.code === 'INVALID_ARGUMENT');
    await tf.setBackend('cpu');
    try {
      await assert.rejects(profiled(), (error) => error instanceof CnnError && error.code === 'UNSUPPORTED');
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
