// A checkpoint with a right checksum may still hold anything: going on from it gives a training or an error with a code.
// `CNN_CAMPAIGN=full npm test -- hostile-checkpoint` tries many more.
import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { BackupAndRestore } from '../../src/callbacks/backup-and-restore.js';
import {
  CSVLogger,
  EarlyStopping,
  LambdaCallback,
  ModelCheckpoint,
  ReduceLROnPlateau,
} from '../../src/callbacks/index.js';
import { CnnError } from '../../src/errors.js';
import { dense } from '../../src/layers/index.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { TensorBoard } from '../../src/report/tensorboard/callback.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/saving/checkpoint.js';
import { campaignSize } from '../datasets/helpers.js';
import { Random } from '../oracle/saving/specs.js';
import { mutateJson } from '../saving/mutate-json.js';
import { points } from './cut-training.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-hostile-checkpoint-'));
const file = path.join(folder, 'checkpoint.safetensors');
after(() => rmSync(folder, { recursive: true }));

let checkpoint: Checkpoint;

/** A training that goes on from the file if there is one, and may be cut off after its first step. */
async function fit({ isCut = false } = {}): Promise<void> {
  const model = new Sequential([dense({ units: 2, activation: 'softmax', inputShape: [2] })]);
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    jit: false,
  });
  const cut = new AbortController();
  const train = points(32);
  try {
    await model.fit(train, {
      batchSize: 16,
      epochs: 2,
      seed: 1,
      validationData: train,
      verbose: 0,
      signal: cut.signal,
      callbacks: [
        new LambdaCallback({ onBatchEnd: () => void (isCut && cut.abort()) }),
        new BackupAndRestore({ backupDir: folder }),
        new EarlyStopping({ patience: 5, restoreBestWeights: true }),
        new ReduceLROnPlateau(),
        new ModelCheckpoint({ filepath: path.join(folder, 'best.keras'), saveBestOnly: true }),
        new CSVLogger({ filename: path.join(folder, 'history.csv') }),
        new TensorBoard({ logDir: path.join(folder, 'logs'), writeGraph: false }),
      ],
    });
  } finally {
    model.dispose();
  }
}

before(async () => {
  await assert.rejects(fit({ isCut: true }), { code: 'ABORTED' });
  checkpoint = await readCheckpoint(file);
});

it('a changed state is taken or refused with a code', async (t) => {
  const size = campaignSize(60, 20_000);
  const uncoded: string[] = [];
  let refused = 0;
  for (let seed = 0; seed < size; seed++) {
    const state = mutateJson(new Random(seed), checkpoint.state) as Checkpoint['state'];
    await writeCheckpoint(file, { ...checkpoint, state });
    for (const open of [async () => (await loadModel(file)).dispose(), fit]) {
      try {
        await open();
      } catch (error) {
        refused++;
        if (!(error instanceof CnnError)) uncoded.push(`case ${seed}: ${(error as Error).stack}`);
      }
    }
  }
  t.diagnostic(`${size} states, ${refused} times refused`);
  assert.deepEqual(uncoded, []);
  assert.ok(refused > size / 4);
});
