import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { requireReadable } from '../datasets/bytes.js';
import type { Dataset } from '../datasets/dataset.js';
import { CnnError } from '../errors.js';
import type { Model } from '../models/model.js';
import { type Recipe, recipes, type ZooName } from '../models/zoo/recipes.js';
import { unknownName } from '../suggest.js';
import { RunFolder } from './run-folder.js';

/** What `--model` names: how it is called, how it is trained by default, and the model itself, uncompiled. */
export interface ModelChoice {
  readonly name: string;
  readonly recipe: Omit<Recipe, 'summary'>;
  make(data: Dataset): Promise<Model>;
}

/**
 * Finds what `--model` names. Makes nothing yet, so that a wrong name is told at once.
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion, FILE_NOT_FOUND, FILE_UNREADABLE, INVALID_ARGUMENT for a run
 */
export async function chooseModel(given: string): Promise<ModelChoice> {
  if (Object.hasOwn(recipes, given)) return fromZoo(given as ZooName);
  if (existsSync(given) && (await stat(given)).isFile()) {
    await requireReadable(given);
    return fromFile(given);
  }
  const told = {
    expected: `a saved model, or one of ${Object.keys(recipes).join(', ')}`,
    received: `"${given}"`,
  };
  const run = (await RunFolder.open(given))?.run;
  if (run !== undefined) {
    throw new CnnError('INVALID_ARGUMENT', `${given} is a run, not a model`, {
      flag: '--model',
      ...told,
      hint: `--resume ${given} goes on with it; --model ${run.model} trains its model anew.`,
    });
  }
  if (!/[/\\.]/.test(given)) throw unknownName('model', given, Object.keys(recipes));
  throw new CnnError('FILE_NOT_FOUND', `there is no model ${given}`, {
    file: given,
    ...told,
  });
}

function fromZoo(name: ZooName): ModelChoice {
  return {
    name,
    recipe: recipes[name],
    make: async ({ x, numClasses }) => {
      const { zoo } = await import('../models/zoo/index.js');
      return zoo[name]({ inputShape: x.shape, classes: numClasses });
    },
  };
}

function fromFile(file: string): ModelChoice {
  return {
    name: path.basename(file, path.extname(file)),
    recipe: recipes.mlp,
    make: async () => {
      const { loadModel } = await import('../models/load.js');
      return loadModel(file, { compile: false });
    },
  };
}
