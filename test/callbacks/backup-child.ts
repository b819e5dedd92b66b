// Trains with BackupAndRestore until it is killed, saying each epoch that is saved.
import { pathToFileURL } from 'node:url';
import type { Callback } from '../../src/callbacks/callback.js';
import { BackupAndRestore, LambdaCallback } from '../../src/callbacks/index.js';
import { dense } from '../../src/layers/index.js';
import { type FitOptions, type History, Sequential } from '../../src/models/index.js';

/** The same training in whatever process: it can go on in another. */
export async function train(
  backupDir: string,
  callbacks: readonly Callback[],
  options: FitOptions = {},
): Promise<History> {
  const model = new Sequential([dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })]);
  model.compile({ optimizer: 'sgd', loss: 'mse', jit: false });
  try {
    return await model.fit([[0], [1]], [[1], [3]], {
      verbose: 0,
      ...options,
      callbacks: [new BackupAndRestore({ backupDir }), ...callbacks],
    });
  } finally {
    model.dispose();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const teller = new LambdaCallback({
    onEpochBegin: (epoch) => {
      process.stdout.write(`${epoch}\n`);
    },
  });
  await train(process.argv[2]!, [teller], { epochs: 1_000_000 });
}
