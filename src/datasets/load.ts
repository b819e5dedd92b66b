import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../errors.js';
import { unknownName } from '../suggest.js';
import type { Splits } from './dataset.js';
import * as fashionMnist from './fashion-mnist.js';
import { type LoadOptions, loadImageFile, loadImageFolder } from './image-folder.js';
import * as mnist from './mnist.js';

const NAMED: Readonly<Record<string, (options: LoadOptions) => Promise<Splits>>> = {
  mnist: mnist.load,
  'fashion-mnist': fashionMnist.load,
};

/** What the classes of a named data set are called, where by more than their number. */
export const classNames: Readonly<Record<string, readonly string[]>> = {
  'fashion-mnist': fashionMnist.classNames,
};

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * Loads a data set by name (`mnist`, `fashion-mnist`), or 28 x 28 images with labels 0 to 9 from a folder laid out
 * like MNIST's, or from one CSV (`.csv` or `.csv.gz`), which is cut in its own order: the last seventh is the test
 * set, and of the rest, the last twelfth (or `validation`) the validation set. This is what `cnn train --data` calls.
 *
 * @throws CnnError `UNKNOWN_NAME` for a word that is no data set, `FILE_NOT_FOUND` for a path where nothing is; else
 *   as `mnist.load`
 * @example const { train, validation, test } = await datasets.load('train.csv', { validation: 0.1 });
 */
export async function load(nameOrPath: string, options: LoadOptions = {}): Promise<Splits> {
  if (Object.hasOwn(NAMED, nameOrPath)) return NAMED[nameOrPath]!(options);
  const stats = await stat(nameOrPath).catch(() => undefined);
  const spec = { name: path.basename(nameOrPath), classNames: DIGITS };
  if (stats?.isDirectory() === true) return loadImageFolder(nameOrPath, spec, options);
  if (stats?.isFile() === true) return loadImageFile(nameOrPath, spec, options);
  if (!/[/\\.]/.test(nameOrPath)) throw unknownName('data set', nameOrPath, Object.keys(NAMED));
  throw new CnnError('FILE_NOT_FOUND', `there is no ${nameOrPath}`, {
    expected: `a folder, a CSV file, or one of ${Object.keys(NAMED).join(', ')}`,
    received: nameOrPath,
    file: nameOrPath,
  });
}
