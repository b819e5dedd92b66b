import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Dataset } from '../../src/datasets/index.js';
import { batchNormalization, dense, dropout } from '../../src/layers/index.js';
import { Sequential } from '../../src/models/index.js';
import { memory } from '../../src/runtime/index.js';

const isFull = process.env.CNN_CAMPAIGN === 'full';
const EPOCHS = isFull ? 200 : 24;
/** Memory settles while kernels are chosen, buffers grow and JavaScript is compiled; after that it is flat. */
const SETTLED = EPOCHS / 2;
const MOST_MIB_PER_EPOCH = 0.1;

/** Slope of the least-squares line through values at 0, 1, 2 ... */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return over / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

it(`keeps memory flat over ${EPOCHS} epochs`, async () => {
  const rows = 2000;
  const x = Uint8Array.from({ length: rows * 16 }, (_, i) => (i * 7919) % 256);
  const y = Uint8Array.from({ length: rows }, (_, i) => x[i * 16]! % 4);
  const data = Dataset.from(x, y, { shape: [16], scale: 1 / 255, numClasses: 4 });
  const model = new Sequential([
    dense({ units: 32, activation: 'relu', inputShape: [16] }),
    batchNormalization(),
    dropout({ rate: 0.2 }),
    dense({ units: 4, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    stepsPerExecution: 4,
  });
  const resident: number[] = [];
  let settled: ReturnType<typeof memory> | undefined;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    await model.fit(data, { verbose: 0, batchSize: 32, validationData: data.slice(0, 500) });
    if (epoch === 1) settled = memory();
    resident.push(process.memoryUsage.rss() / 2 ** 20);
  }
  assert.deepEqual(memory(), settled);
  if (isFull) {
    const growth = slope(resident.slice(SETTLED));
    assert.ok(growth < MOST_MIB_PER_EPOCH, `resident memory grows by ${growth.toFixed(3)} MiB an epoch`);
  }
  model.dispose();
});
