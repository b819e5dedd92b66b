import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { CnnError } from '../errors.js';
import { unknownName } from '../suggest.js';
import { readCsv } from './csv.js';
import { Dataset, type Splits } from './dataset.js';
import { idxHeader, readIdx } from './idx.js';
import { IMAGE_FORMATS, type ImageFormat } from './image-format.js';

/** Options of every loader. */
export interface LoadOptions {
  /** Default `'auto'`. */
  format?: ImageFormat;
  /**
   * How many training images are held back for validation, the last ones: a count, or a fraction below 1. Default one
   * in twelve: 5,000 of MNIST's 60,000.
   */
  validation?: number;
  /** Labels become one-hot vectors when a batch is made; see {@link Dataset.oneHot}. Default false. */
  oneHot?: boolean;
  /** Images of shape `[784]` instead of `[28, 28]`. Default false. */
  flatten?: boolean;
}

/** The four files of an IDX data set, by the part of it that they hold. */
export type IdxRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

/** What is known about a data set beforehand. */
export interface ImageSpec {
  /** What its parts are called in messages: `'mnist'` gives `mnist/train`. */
  readonly name: string;
  readonly classNames: readonly string[];
  /** SHA-256 of the four unpacked IDX files; the images are then checked against it, in whatever format they come. */
  readonly sha256?: Readonly<Record<IdxRole, string>>;
}

const HEIGHT = 28;
const WIDTH = 28;
const IMAGE = [HEIGHT, WIDTH];
const PIXELS = HEIGHT * WIDTH;
/** Bytes: some milliseconds' work, between which timers and connections of the program get their turn. */
const HASHED_AT_ONCE = 2 ** 22;

const IDX_NAMES: Record<IdxRole, readonly string[]> = {
  trainImages: ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'],
  trainLabels: ['train-labels-idx1-ubyte', 'train-labels.idx1-ubyte'],
  testImages: ['t10k-images-idx3-ubyte', 't10k-images.idx3-ubyte'],
  testLabels: ['t10k-labels-idx1-ubyte', 't10k-labels.idx1-ubyte'],
};
const TRAIN_CSV = ['mnist_train.csv', 'fashion-mnist_train.csv', 'train.csv'];
const TEST_CSV = ['mnist_test.csv', 'fashion-mnist_test.csv', 'test.csv'];

/** Labelled images as read, with the files to name where they turn out to be wrong. */
interface Images {
  pixels: Uint8Array;
  labels: Uint8Array;
  imagesFile: string;
  labelsFile: string;
}

/**
 * Loads 28 x 28 images with labels from a folder in the layout of MNIST: the four IDX files, spelled with a dash or
 * a dot before `idx`, or a CSV each for training and test (`mnist_train.csv`, `fashion-mnist_train.csv` or
 * `train.csv`); each plain or `.gz`, the plain one first. Where the test CSV is missing or has no labels (Kaggle's),
 * the last seventh of the training file is the test set, as 10,000 are of MNIST's 70,000.
 */
export async function loadImageFolder(
  folder: string,
  spec: ImageSpec,
  options: LoadOptions,
): Promise<Splits> {
  const { format = 'auto' } = options;
  if (!IMAGE_FORMATS.includes(format)) throw unknownName('data format', format, IMAGE_FORMATS);
  const idx = format === 'csv' ? undefined : await findIdxFiles(folder);
  if (idx !== undefined && idx.missing.length === 0) {
    const [train, test] = await Promise.all([
      readIdxPair(idx.found.trainImages!, idx.found.trainLabels!, spec),
      readIdxPair(idx.found.testImages!, idx.found.testLabels!, spec),
    ]);
    return assemble(spec, train, test, options);
  }
  const trainFile = format === 'idx' ? undefined : await findFile(folder, TRAIN_CSV);
  if (trainFile !== undefined) {
    const testFile = await findFile(folder, TEST_CSV);
    const [train, test] = await Promise.all([
      readLabelledCsv(trainFile, spec),
      testFile === undefined ? undefined : readCsvImages(testFile, spec),
    ]);
    return assemble(spec, train, test, options);
  }
  const wanted = [idx?.missing.join(', '), format === 'idx' ? undefined : TRAIN_CSV.join(', or ')];
  throw new CnnError('FILE_NOT_FOUND', `there are no images with labels in ${folder}`, {
    expected: `${wanted.filter(Boolean).join('; or ')} (each plain or .gz)`,
    received: (await isFolder(folder)) ? 'a folder without them' : 'no folder',
    file: folder,
  });
}

/** Loads one CSV of 28 x 28 images with labels; its last seventh is the test set. */
export async function loadImageFile(file: string, spec: ImageSpec, options: LoadOptions): Promise<Splits> {
  if (options.format === 'idx') {
    throw new CnnError('INVALID_ARGUMENT', `${file} is one file, and an IDX data set is four`, {
      expected: 'a folder',
      received: file,
      argument: 'format',
    });
  }
  return assemble(spec, await readLabelledCsv(file, spec), undefined, options);
}

async function assemble(
  spec: ImageSpec,
  train: Images,
  test: Images | undefined,
  options: LoadOptions,
): Promise<Splits> {
  const { validation = 1 / 12, oneHot = false, flatten = false } = options;
  if (spec.sha256 !== undefined) await verify(spec.sha256, train, test);
  const dataset = ({ pixels, labels }: Images, name: string): Dataset => {
    const { classNames } = spec;
    const x = { data: pixels, shape: flatten ? [PIXELS] : IMAGE, scale: 1 / 255 };
    const y = { data: labels, shape: [], oneHot: oneHot ? classNames.length : undefined };
    return new Dataset({ name, x, y, numClasses: classNames.length, classNames });
  };
  const all = dataset(train, spec.name);
  if (test === undefined) {
    const { train: rest, test: held } = all.split({ test: Math.floor(all.size / 7) });
    return { ...renamed(rest, spec.name).split({ validation }), test: held };
  }
  return { ...all.split({ validation }), test: dataset(test, `${spec.name}/test`) };
}

function renamed(dataset: Dataset, name: string): Dataset {
  return new Dataset({ ...dataset, name });
}

async function readIdxPair(imagesFile: string, labelsFile: string, spec: ImageSpec): Promise<Images> {
  const [images, labels] = await Promise.all([
    readIdx(imagesFile, { type: 'uint8', sample: IMAGE }),
    readIdx(labelsFile, { type: 'uint8', sample: [] }),
  ]);
  const count = images.shape[0]!;
  if (labels.data.length !== count) {
    throw new CnnError('DATA_INVALID', `${labelsFile} does not belong to ${imagesFile}`, {
      expected: `${count} labels, one for each image`,
      received: String(labels.data.length),
      file: labelsFile,
      offset: 4,
    });
  }
  const classes = spec.classNames.length;
  const index = labels.data.findIndex((label: number) => label >= classes);
  if (index >= 0) {
    const offset = idxHeader(labels.shape).length + index;
    throw new CnnError(
      'DATA_INVALID',
      `${labelsFile}, byte ${offset}: the label of image ${index} is not a class`,
      {
        expected: `0 to ${classes - 1}`,
        received: String(labels.data[index]),
        file: labelsFile,
        offset,
        index,
      },
    );
  }
  // The expectation made sure of the type.
  return { pixels: images.data as Uint8Array, labels: labels.data as Uint8Array, imagesFile, labelsFile };
}

async function readLabelledCsv(file: string, spec: ImageSpec): Promise<Images> {
  const images = await readCsvImages(file, spec);
  if (images !== undefined) return images;
  throw new CnnError('DATA_INVALID', `${file}, row 1: there is no label column to train on`, {
    expected: `${PIXELS + 1} cells, the label first`,
    received: String(PIXELS),
    file,
    row: 1,
    column: 1,
  });
}

/** The images of a CSV, or undefined where they have no labels. */
async function readCsvImages(file: string, spec: ImageSpec): Promise<Images | undefined> {
  const { pixels, labels } = await readCsv(file, { pixels: PIXELS, numClasses: spec.classNames.length });
  return labels === undefined ? undefined : { pixels, labels, imagesFile: file, labelsFile: file };
}

async function verify(
  hashes: Readonly<Record<IdxRole, string>>,
  train: Images,
  test: Images | undefined,
): Promise<void> {
  await verifyImages(train, hashes.trainImages, hashes.trainLabels);
  if (test !== undefined) await verifyImages(test, hashes.testImages, hashes.testLabels);
}

/** Compares what an IDX file of these images would hash to. */
async function verifyImages(images: Images, imagesHash: string, labelsHash: string): Promise<void> {
  const { pixels, labels, imagesFile, labelsFile } = images;
  await checkHash(labelsFile, [labels.length], labels, labelsHash);
  await checkHash(imagesFile, [labels.length, ...IMAGE], pixels, imagesHash);
}

async function checkHash(
  file: string,
  shape: readonly number[],
  data: Uint8Array,
  expected: string,
): Promise<void> {
  const hash = createHash('sha256').update(idxHeader(shape));
  for (let start = 0; start < data.length; start += HASHED_AT_ONCE) {
    if (start > 0) await othersTurn();
    hash.update(data.subarray(start, start + HASHED_AT_ONCE));
  }
  const received = hash.digest('hex');
  if (received === expected) return;
  throw new CnnError('FILE_CORRUPT', `${file} does not hold the published images`, {
    expected: `SHA-256 ${expected}`,
    received,
    hint: 'Download or copy it again, or load with verify: false.',
    file,
    offset: 0,
  });
}

async function findIdxFiles(folder: string) {
  const found: Partial<Record<IdxRole, string>> = {};
  const missing: string[] = [];
  for (const role of Object.keys(IDX_NAMES) as IdxRole[]) {
    found[role] = await findFile(folder, IDX_NAMES[role]);
    if (found[role] === undefined) missing.push(IDX_NAMES[role][0]!);
  }
  return { found, missing };
}

/** The first of these files that is there, plain or gzipped. A folder may bear the same name (in Kaggle's archive). */
async function findFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names.flatMap((plain) => [plain, `${plain}.gz`])) {
    const file = path.join(folder, name);
    const stats = await stat(file).catch(() => undefined);
    if (stats?.isFile() === true) return file;
  }
  return undefined;
}

async function isFolder(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  return stats?.isDirectory() === true;
}
