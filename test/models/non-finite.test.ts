import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { BackupAndRestore, LambdaCallback } from '../../src/callbacks/index.js';
import { Dataset } from '../../src/datasets/index.js';
import { dense } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import { adam, sgd } from '../../src/optimizers/index.js';
import { readCheckpoint } from '../../src/saving/checkpoint.js';

const CASES = process.env.CNN_CAMPAIGN === 'full' ? 200 : 8;
const root = mkdtempSync(path.join(os.tmpdir(), 'cnn-nan-'));
after(() => rmSync(root, { recursive: true }));

describe('numbers that are not finite', () => {
  it('in a random batch: training ends there, and the checkpoint of the step before stays', async () => {
    for (let i = 0; i < CASES; i++) {
      const model = new Sequential([dense({ units: 2, inputShape: [3] }), dense({ units: 1 })]);
      model.compile({ optimizer: adam(), loss: 'mse', stepsPerExecution: 1, jit: i === 0 });
      const folder = mkdtempSync(path.join(root, 'run-'));
      const steps = 20;
      const bad = Math.floor(Math.random() * steps);
      const x = new Float32Array(steps * 4 * 3).fill(0.5);
      x[bad * 12 + Math.floor(Math.random() * 12)] = [Number.NaN, Number.POSITIVE_INFINITY][i % 2]!;
      const backup = new BackupAndRestore({ backupDir: folder, saveFreq: 1 });
      await assert.rejects(
        model.fit(columns(x), { batchSize: 4, shuffle: false, verbose: 0, callbacks: [backup] }),
        { code: 'NON_FINITE_LOSS' },
      );
      if (bad === 0) {
        assert.equal(existsSync(backup.file), false);
      } else {
        const { tensors, state } = await readCheckpoint(backup.file);
        assert.equal((state.training as { step: number }).step, bad);
        for (const { data } of tensors.values()) assert.ok(data.every((value) => Number.isFinite(value)));
      }
      model.dispose();
    }
  });

  it('in the last update, which no loss shows, are found too, and not saved', async () => {
    const folder = mkdtempSync(path.join(root, 'run-'));
    const model = new Sequential([dense({ units: 1, inputShape: [3] })]);
    model.compile({ optimizer: sgd({ learningRate: 1e-9 }), loss: 'mse' });
    const backup = new BackupAndRestore({ backupDir: folder });
    const explode = new LambdaCallback({
      onEpochBegin(epoch) {
        if (epoch === 2) model.optimizer.learningRate = 3e38;
      },
    });
    const x = columns(new Float32Array(12).fill(1e6));
    const seen: number[] = [];
    const watch = new LambdaCallback({ onEpochEnd: (epoch) => void seen.push(epoch) });
    const options = { batchSize: 4, verbose: 0, epochs: 3, callbacks: [explode, watch, backup] } as const;
    await assert.rejects(model.fit(x, options), { code: 'NON_FINITE_LOSS' });
    assert.deepEqual(seen, [0, 1]);
    const { state } = await readCheckpoint(backup.file);
    assert.equal((state.training as { epoch: number }).epoch, 2);
    model.dispose();
  });
});

function columns(data: Float32Array): Dataset {
  const y = new Float32Array(data.length / 3);
  return new Dataset({ name: 'numbers', x: { data, shape: [3] }, y: { data: y, shape: [1] } });
}
