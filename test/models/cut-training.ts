import { BackupAndRestore } from '../../src/callbacks/backup-and-restore.js';
import { Callback } from '../../src/callbacks/callback.js';
import { Dataset } from '../../src/datasets/index.js';
import { CnnError } from '../../src/errors.js';
import { batchNormalization, dense, dropout } from '../../src/layers/index.js';
import { type CompileOptions, type FitOptions, Sequential } from '../../src/models/index.js';
import { setRandomSeed } from '../../src/runtime/random.js';
import type { Variable } from '../../src/runtime/variable.js';

/** Points in the plane with the sign of their sum as label, kept as bytes. */
export function points(count: number, factor = 7919): Dataset {
  const x = Uint8Array.from({ length: count * 2 }, (_, i) => (i * factor + ((i * i) % 251)) % 256);
  const y = Uint8Array.from({ length: count }, (_, i) => (x[2 * i]! + x[2 * i + 1]! > 255 ? 1 : 0));
  return Dataset.from(x, y, { shape: [2], scale: 1 / 255, numClasses: 2 });
}

/** A training that is the same whenever it is run with the same seed. */
export interface Program {
  readonly optimizer: () => CompileOptions['optimizer'];
  readonly stepsPerExecution?: number | 'auto';
  readonly jit?: boolean;
  readonly precision?: CompileOptions['precision'];
  readonly callbacks?: () => Callback[];
  readonly fit?: FitOptions;
  readonly train?: Dataset;
}

/** What a training left, in plain values that `deepEqual` compares bit for bit. */
export interface Outcome {
  readonly history: unknown;
  readonly stopReason: string | undefined;
  readonly variables: readonly (readonly number[])[];
  readonly callbacks: readonly unknown[];
}

/** 112 samples in batches of 16. */
export const PAUSES_PER_EPOCH = 8;
const data = { train: points(112), validation: points(32, 104_729) };

/** Aborts after a number of pauses: one after each step, one after each epoch. */
class Cut extends Callback {
  readonly controller = new AbortController();
  private readonly pauses: number;

  constructor(pauses: number) {
    super();
    this.pauses = pauses;
  }

  override onPause({ epoch, step }: { epoch: number; step: number }): void {
    // What is aborted here takes effect at the next pause.
    if (epoch * PAUSES_PER_EPOCH + step >= this.pauses - 1) this.controller.abort();
  }
}

/**
 * Runs a program, cut off if `cutAfter` is given.
 *
 * @param cutAfter number of pauses, of which each epoch has one after each step and one at its end
 * @param folder for the checkpoint; without one there is none
 * @param seed of everything; a run that goes on has to give the same whatever it is
 * @returns undefined where it was cut
 */
export async function runProgram(
  program: Program,
  { folder, cutAfter, seed = 5 }: { folder?: string; cutAfter?: number; seed?: number } = {},
): Promise<Outcome | undefined> {
  setRandomSeed(seed);
  const model = new Sequential([
    dense({ units: 8, activation: 'tanh', inputShape: [2] }),
    batchNormalization(),
    dropout({ rate: 0.3 }),
    dense({ units: 2, activation: 'softmax', kernelRegularizer: 'l2' }),
  ]);
  model.compile({
    optimizer: program.optimizer(),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', 'sparseTopKCategoricalAccuracy'],
    jit: program.jit ?? true,
    precision: program.precision,
    stepsPerExecution: program.stepsPerExecution ?? 1,
  });
  const own = program.callbacks?.() ?? [];
  const cut = cutAfter === undefined ? [] : [new Cut(cutAfter)];
  const backup = folder === undefined ? [] : [new BackupAndRestore({ backupDir: folder })];
  try {
    const { history, stopReason } = await model.fit(program.train ?? data.train, {
      verbose: 0,
      batchSize: 16,
      epochs: 3,
      validationData: data.validation,
      ...program.fit,
      signal: cut[0]?.controller.signal,
      // Not last, so that it shows whether the others' states are those after the epoch.
      callbacks: [...cut, ...backup, ...own],
    });
    const variables = [
      ...model.weights,
      ...model.optimizer.variables,
      ...model.layers.flatMap((layer) => layer.stateVariables),
    ];
    const callbacks = own.map((callback) => callback.getState());
    return { history, stopReason, variables: variables.map(valuesOf), callbacks };
  } catch (error) {
    if (cutAfter !== undefined && error instanceof CnnError && error.code === 'ABORTED') return undefined;
    throw error;
  } finally {
    model.dispose();
  }
}

function valuesOf(variable: Variable): number[] {
  const tensor = variable.read();
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values as number[];
}
