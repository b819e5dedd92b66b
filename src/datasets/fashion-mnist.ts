import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { CnnError } from '../errors.js';
import type { Splits } from './dataset.js';
import { type LoadOptions, loadImageFolder } from './image-folder.js';

/** Options of {@link load}. */
export interface FashionMnistOptions extends LoadOptions {
  /**
   * Folder with the four IDX files or two CSV files. Default: the first of `data/fashion-mnist`,
   * `data/FashionMNIST/raw` (where torchvision puts them) and `~/.keras/datasets/fashion-mnist` (Keras) that exists.
   */
  dir?: string;
}

/** What the ten labels mean. */
export const classNames: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Loads Fashion-MNIST, 70,000 pictures of articles from Zalando, in MNIST's own format and sizes: 55,000 to train on,
 * 5,000 for validation (the last of the 60,000 training images), 10,000 for the test. The files don't come with this
 * package: get them from the address below.
 *
 * - **x**: uint8, `[n, 28, 28]`, 0 (background) to 255, row by row; batches are float32, divided by 255.
 * - **y**: uint8, `[n]`, 0 to 9, see {@link classNames}; batches are int32, or float32 `[n, 10]` with `oneHot`.
 * - **Licence**: MIT, copyright 2017 Zalando SE. **Paper**: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image
 *   Dataset for Benchmarking Machine Learning Algorithms", arXiv:1708.07747.
 *
 * @throws CnnError `FILE_NOT_FOUND` where there are no files, saying where to put them; else as `mnist.load`
 * @see https://github.com/zalandoresearch/fashion-mnist
 * @example const { train, test } = await datasets.fashionMnist.load({ dir: 'data/fashion-mnist' });
 */
export async function load(options: FashionMnistOptions = {}): Promise<Splits> {
  const folder = options.dir ?? (await findFolder());
  return loadImageFolder(folder, { name: 'fashion-mnist', classNames }, options);
}

async function findFolder(): Promise<string> {
  const places = [
    path.join('data', 'fashion-mnist'),
    path.join('data', 'FashionMNIST', 'raw'),
    path.join(homedir(), '.keras', 'datasets', 'fashion-mnist'),
  ];
  for (const place of places) {
    const stats = await stat(place).catch(() => undefined);
    if (stats?.isDirectory() === true) return place;
  }
  throw new CnnError('FILE_NOT_FOUND', 'the files of Fashion-MNIST are not here', {
    expected: `a folder ${places.join(' or ')}`,
    received: 'none of them',
    hint: 'Put the four .gz files of https://github.com/zalandoresearch/fashion-mnist into one, or name another: load({ dir }).',
    places,
  });
}
