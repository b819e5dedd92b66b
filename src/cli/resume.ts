import { existsSync } from 'node:fs';
import path from 'node:path';
import { CnnError } from '../errors.js';
import { type Option, type Values, wrongValue } from './option.js';
import { runOptions, type trainOptions } from './options.js';
import type { Output } from './output.js';
import { listRuns, RUNS, type RunConfig, RunFolder } from './run-folder.js';

/** A run that can go on, and how it was made. */
export interface InterruptedRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
}

/**
 * The run that `--resume` names: a folder, the name of a run, or nothing for the newest that can go on.
 * @throws CnnError FILE_NOT_FOUND
 */
export async function findInterrupted(given: string, out: string, output: Output): Promise<InterruptedRun> {
  if (given === '') {
    const newest = (await listRuns(out, output)).find(({ run }) => existsSync(run.checkpoint));
    if (newest !== undefined) return newest;
    throw new CnnError('FILE_NOT_FOUND', `no run in ${path.resolve(out)} was interrupted`, { file: out });
  }
  for (const place of [given, path.join(out, given), path.join(RUNS, given)]) {
    const found = await RunFolder.open(place);
    if (found === undefined) continue;
    if (existsSync(found.run.checkpoint)) return found;
    throw new CnnError('FILE_NOT_FOUND', `${place} cannot go on: it has no checkpoint`, {
      file: found.run.checkpoint,
      hint: existsSync(found.run.last)
        ? `It came to its end. To train its model further: cnn train --model ${found.run.last}`
        : 'It was killed before its first epoch ended: train anew.',
    });
  }
  throw new CnnError('FILE_NOT_FOUND', `there is no run ${given}`, {
    file: given,
    hint: `Runs are looked for in ${path.resolve(out)}.`,
  });
}

/** Where a run notes an option under another name. */
const notedAs: Readonly<Record<string, string>> = { lr: 'learningRate', lrSchedule: 'schedule' };

/**
 * The options with which a run was made, read from its notes as from a command line.
 *
 * @throws CnnError FILE_CORRUPT for a value that the option cannot have
 */
export function optionsOf({ run, config }: InterruptedRun): Partial<Values<typeof trainOptions>> {
  return Object.fromEntries(
    Object.entries<Option<unknown>>(runOptions).map(([key, { parse, default: fallback }]) => {
      const name = notedAs[key] ?? key;
      const noted = config[name] ?? undefined;
      if (noted === undefined) return [key, fallback];
      // What takes no value is a switch.
      if (parse === undefined && typeof noted === 'boolean') return [key, noted];
      try {
        if (parse === undefined) throw wrongValue(name, 'true or false', String(noted));
        return [key, parse(String(noted), name)];
      } catch (cause) {
        throw new CnnError('FILE_CORRUPT', `${run.path} has noted something wrong for ${name}`, {
          file: run.path,
          received: JSON.stringify(noted),
          cause,
        });
      }
    }),
  );
}
