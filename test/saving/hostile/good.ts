import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { ModelDescription } from '../../../src/saving/description.js';
import { writeKeras } from '../../../src/saving/keras/archive.js';
import { writeZip } from '../../../src/saving/zip/write.js';

/** A file that must be refused. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** JSON that a test takes apart. */
// biome-ignore lint/suspicious/noExplicitAny: tests put anything anywhere in it
export type Json = any;

const KERNEL = Float32Array.of(0, 1, 2, 3, 4, 5);

/** A model of one Dense(2) on three inputs, compiled, with the state of plain gradient descent. */
export const GOOD: ModelDescription = {
  className: 'Sequential',
  name: 'sequential',
  inputShape: [null, 3],
  layers: [
    {
      className: 'Dense',
      config: {
        name: 'dense',
        units: 2,
        activation: 'relu',
        useBias: true,
        kernelInitializer: { className: 'GlorotUniform', config: { seed: null } },
        biasInitializer: { className: 'Zeros', config: {} },
        kernelRegularizer: { className: 'L2', config: { l2: 0.01 } },
        biasRegularizer: null,
      },
      inputShape: [null, 3],
      weights: [
        { name: 'kernel', shape: [3, 2], dtype: 'float32', values: KERNEL },
        { name: 'bias', shape: [2], dtype: 'float32', values: new Float32Array(2) },
      ],
    },
  ],
  compile: {
    optimizer: { className: 'SGD', config: { name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false } },
    loss: { className: 'MeanSquaredError', config: { name: 'mse', reduction: 'sumOverBatchSize' } },
    metrics: ['accuracy'],
    weightedMetrics: [],
    jit: true,
    stepsPerExecution: 'auto',
  },
  optimizerState: [
    { name: 'iteration', shape: [], dtype: 'int32', values: Int32Array.of(7) },
    { name: 'learning_rate', shape: [], dtype: 'float32', values: Float32Array.of(0.1) },
  ],
};

/** The members of a good archive. */
export const MEMBERS: Readonly<Record<'metadata.json' | 'config.json' | 'model.weights.h5', Uint8Array>> =
  unzipSync(Buffer.concat([...writeKeras(GOOD)])) as never;

export function goodConfig(): Json {
  return JSON.parse(Buffer.from(MEMBERS['config.json']).toString());
}

/** An archive with some members replaced; null leaves one out. */
export function archive(changes: Readonly<Record<string, Uint8Array | string | null>> = {}): Uint8Array {
  const members = Object.entries({ ...MEMBERS, ...changes }).filter(([, content]) => content !== null);
  return Buffer.concat([
    ...writeZip(members.map(([name, content]) => ({ name, chunks: [Buffer.from(content as Uint8Array)] }))),
  ]);
}

/** HDF5 files made by the HDF5 library, by name (see test/oracle/saving/hostile_hdf5.py). */
export function madeHdf5(): Record<string, Uint8Array> {
  const files = unzipSync(readFileSync('test/saving/fixtures/hdf5.zip'));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name.replace(/\.h5$/, ''), bytes]));
}
