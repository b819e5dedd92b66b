import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as mnist from '../../src/datasets/mnist.js';

/** A folder of its own, with `digits.csv`: the first real digits of MNIST's training set. */
export async function folderWithDigits(count: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cnn-cli-'));
  const { train } = await mnist.load();
  await train.slice(0, count).toCsv(path.join(folder, 'digits.csv'));
  return folder;
}
