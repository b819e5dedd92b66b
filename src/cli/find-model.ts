import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireReadable } from '../datasets/bytes.js';
import { CnnError } from '../errors.js';
import { nearest } from '../suggest.js';
import type { Output } from './output.js';
import { listFolder, listRuns, RUNS, type RunConfig, RunFolder } from './run-folder.js';
import { checkManifest } from './run-manifest.js';

/** A saved model, and the settings of the run that it is from, if it is from one. */
export interface FoundModel {
  readonly file: string;
  readonly config: RunConfig | undefined;
}

/**
 * The trained model that a command is given: a run's folder (`runs/mlp-3`), a run's name (`mlp-3`) or a file; where none
 * is given the newest run's, else the one that comes with the package. It can be read, and is the file that its run
 * wrote: what can be known before TensorFlow is started.
 *
 * @throws CnnError FILE_NOT_FOUND, with a suggestion; FILE_UNREADABLE, FILE_CORRUPT
 */
export async function findModel(given: string | undefined, output: Output): Promise<FoundModel> {
  const found = await (given === undefined ? newestModel(output) : namedModel(given, output));
  await requireReadable(found.file);
  await checkManifest(found.file);
  return found;
}

/** The trained model that comes with the package. */
const PACKAGED = fileURLToPath(new URL('../../../models/mlp.keras', import.meta.url));

/** The model of the run that was started last; where there is no run, the one that comes with the package. */
async function newestModel(output: Output): Promise<FoundModel> {
  const newest = (await listRuns(RUNS, output)).find(({ run }) => existsSync(run.model));
  if (newest !== undefined) return { file: newest.run.model, config: newest.config };
  const nearby = path.relative('', PACKAGED);
  const file = nearby.startsWith('..') ? PACKAGED : nearby;
  if (existsSync(RUNS)) output.info(`no run in ${path.resolve(RUNS)} has a model: taking ${file}`);
  return { file, config: undefined };
}

/** The model that a run's folder (`runs/mlp-3`), a run's name (`mlp-3`) or a file names. */
async function namedModel(given: string, output: Output): Promise<FoundModel> {
  for (const place of [given, path.join(RUNS, given)]) {
    const found = await RunFolder.open(place);
    if (found === undefined) continue;
    if (existsSync(found.run.model)) return { file: found.run.model, config: found.config };
    throw new CnnError('FILE_NOT_FOUND', `the run ${place} was stopped before it saved a model`, {
      file: place,
    });
  }
  if (existsSync(given) && (await stat(given)).isFile()) {
    return { file: given, config: await configBeside(given, output) };
  }
  const runs = (await listFolder(RUNS)).flatMap((run) => [run, path.join(RUNS, run)]);
  const near = nearest(given, runs);
  throw new CnnError('FILE_NOT_FOUND', `there is no run or model ${given}`, {
    file: given,
    hint: near === undefined ? `Runs are looked for in ${path.resolve(RUNS)}.` : `Did you mean "${near}"?`,
  });
}

/** The settings of the run that a file is from: of one among the files of something else there are none. */
async function configBeside(file: string, output: Output): Promise<RunConfig | undefined> {
  try {
    return (await RunFolder.open(path.dirname(file)))?.config;
  } catch (error) {
    if (!(error instanceof CnnError)) throw error;
    output.warn(`${error.message} It is passed over.`);
    return undefined;
  }
}
