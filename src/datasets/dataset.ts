import { CnnError } from '../errors.js';
import { formatShape, sizeOf } from '../shape.js';
import { type ArrayOptions, columnsFromArrays, type Numbers } from './arrays.js';
import { type Batch, inputTensor, targetTensor } from './batch.js';
import { type Column, type ColumnData, columnGather, columnSlice } from './column.js';
import { writeCsv } from './csv-write.js';
import { permutation } from './permutation.js';

/** What a {@link Dataset} is made of. */
export interface DatasetFields {
  /** What messages call it: `'mnist/train'`. */
  readonly name: string;
  /** Inputs. */
  readonly x: Column;
  /** Targets: labels (integers, sample shape `[]`) or anything else with as many rows as `x`. */
  readonly y: Column;
  /** Number of classes; every label is then checked to be 0 to numClasses - 1. */
  readonly numClasses?: number;
  /** What the classes are called, by label. */
  readonly classNames?: readonly string[];
}

/** How many samples {@link Dataset.split} takes: a count from 1 on, a fraction below 1, or 0 for none. */
export interface SplitSizes {
  /** For validation. Default: 0. */
  validation?: number;
  /** For the test. Default: 0. */
  test?: number;
}

/** The three parts of a data set. */
export interface Splits {
  /** What to fit. */
  train: Dataset;
  /** What to watch while training, and to choose by. */
  validation: Dataset;
  /** What to score in the end. */
  test: Dataset;
}

/**
 * Samples and their targets, in memory in the type they came in. Never changes after it was made, but for the place
 * at which {@link Dataset.nextBatch} stands; parts of it ({@link slice}, {@link split}) share its memory.
 *
 * @example
 * const { train, validation, test } = await datasets.mnist.load();
 * train.image(0);                                  // Uint8Array of 784 pixels, 0 to 255
 * train.label(0);                                  // 5
 * const { x, y } = train.oneHot().nextBatch(128);  // tensors [128, 28, 28] and [128, 10]
 *
 * @throws CnnError `SHAPE_MISMATCH` where x and y don't have the same number of rows, `DATA_INVALID` for a label
 *   that is not a class, `DTYPE_MISMATCH` for classes that are not integers
 */
export class Dataset implements DatasetFields {
  readonly name: string;
  /** Number of samples. */
  readonly size: number;
  readonly x: Column;
  readonly y: Column;
  readonly numClasses?: number;
  readonly classNames?: readonly string[];
  #seed = 0;
  #epoch = 0;
  #used = 0;
  #order: Uint32Array | undefined;

  constructor({ name, x, y, numClasses, classNames }: DatasetFields) {
    this.name = name;
    this.size = countRows(name, 'x', x);
    this.x = x;
    this.y = y;
    this.numClasses = numClasses;
    this.classNames = classNames;
    const targets = countRows(name, 'y', y);
    if (targets !== this.size) {
      throw new CnnError('SHAPE_MISMATCH', `${name}: x and y differ in length`, {
        expected: `${this.size} targets, one for each sample of x`,
        received: String(targets),
        dataset: name,
      });
    }
    const classes = y.oneHot ?? numClasses;
    if (classes !== undefined) checkLabels(name, y, classes);
  }

  /**
   * A data set from arrays. Typed arrays are taken as they are, without a copy; nested arrays become float32 inputs,
   * and int32 targets where every number is whole.
   *
   * @example
   * Dataset.from([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], { numClasses: 2 });
   * Dataset.from(new Uint8Array(600 * 784), labels, { shape: [28, 28], scale: 1 / 255, numClasses: 10 });
   *
   * @throws CnnError `SHAPE_MISMATCH` for ragged or uneven arrays, `DATA_INVALID` for a value that is not a finite
   *   number or not a label, `DTYPE_MISMATCH` for another kind of array
   */
  static from(x: Numbers, y: Numbers, options: ArrayOptions = {}): Dataset {
    const { name = 'dataset', numClasses, classNames } = options;
    return new Dataset({ name, numClasses, classNames, ...columnsFromArrays(x, y, options) });
  }

  /** The values of sample `i` as they are in memory, unscaled: a view, not a copy. */
  image(i: number): ColumnData {
    return columnSlice(this.x, this.#checkIndex(i), i + 1).data;
  }

  /** The label of sample `i`. */
  label(i: number): number {
    if (this.y.shape.length > 0) {
      throw new CnnError('INVALID_ARGUMENT', `${this.name} has no labels`, {
        expected: 'one number as the target of a sample',
        received: `targets of shape ${formatShape(this.y.shape)}`,
        hint: 'Read y.data instead.',
        dataset: this.name,
      });
    }
    return this.y.data[this.#checkIndex(i)]!;
  }

  /** Samples `start` (included) to `end` (left out), 0 <= start <= end <= size; shares the memory. */
  slice(start: number, end: number = this.size): Dataset {
    return this.#slice(this.name, start, end);
  }

  /**
   * Three parts in the order train, validation, test, cut without shuffling, sharing the memory. Fractions are of
   * the whole and rounded.
   *
   * @example const { train, validation } = all.split({ validation: 5000 });
   * @throws CnnError `INVALID_ARGUMENT` where nothing would be left to train on
   */
  split({ validation = 0, test = 0 }: SplitSizes): Splits {
    const held = this.#share('validation', validation);
    const tested = this.#share('test', test);
    const train = this.size - held - tested;
    if (train <= 0) {
      throw new CnnError('INVALID_ARGUMENT', `nothing of ${this.name} would be left to train on`, {
        expected: `validation and test to be fewer than its ${this.size} samples`,
        received: `${held} + ${tested}`,
        hint: 'Give smaller counts, or fractions such as 0.1.',
        dataset: this.name,
      });
    }
    return {
      train: this.#slice(`${this.name}/train`, 0, train),
      validation: this.#slice(`${this.name}/validation`, train, train + held),
      test: this.#slice(`${this.name}/test`, train + held, this.size),
    };
  }

  /** The same samples in an order that depends on `seed` alone. Copies the data. */
  shuffle(seed = 0): Dataset {
    const rows = permutation(this.size, checkSeed(seed));
    return new Dataset({ ...this, x: columnGather(this.x, rows), y: columnGather(this.y, rows) });
  }

  /**
   * The same samples with labels that become one-hot vectors of `depth` classes when a batch is made (in memory they
   * stay labels). Loss: `categoricalCrossentropy`.
   *
   * @param depth number of classes; default: `numClasses`
   */
  oneHot(depth: number | undefined = this.numClasses): Dataset {
    if (depth === undefined || !Number.isInteger(depth) || depth < 1 || this.y.shape.length > 0) {
      throw new CnnError('INVALID_ARGUMENT', `${this.name} cannot be one-hot encoded`, {
        expected: 'labels and a number of classes',
        received: `targets of shape ${formatShape(this.y.shape)} and ${depth} classes`,
        hint: 'Give the number of classes: oneHot(10).',
        dataset: this.name,
      });
    }
    return new Dataset({ ...this, y: { ...this.y, oneHot: depth } });
  }

  /** The same samples with inputs of another shape: `[784]` or `[28, 28, 1]` for `[28, 28]`. Shares the memory. */
  reshape(shape: readonly number[]): Dataset {
    if (sizeOf(shape) !== sizeOf(this.x.shape)) {
      throw new CnnError('SHAPE_MISMATCH', `${this.name} cannot be reshaped to ${formatShape(shape)}`, {
        expected: `a shape of ${sizeOf(this.x.shape)} values, as ${formatShape(this.x.shape)}`,
        received: `${sizeOf(shape)} values`,
        dataset: this.name,
      });
    }
    return new Dataset({ ...this, x: { ...this.x, shape: [...shape] } });
  }

  /**
   * The next `n` samples as tensors, like `mnist.train.next_batch` of TensorFlow 1: in a new random order each
   * epoch, and without gaps: a batch that reaches the end of an epoch is filled from the next one. The order depends
   * on the seed given to {@link rewind} (0 at first). The caller disposes of both tensors, or calls inside `tf.tidy`.
   *
   * @param n 1 to `size`
   * @example const { x, y } = train.nextBatch(128); // float32 [128, 28, 28], 0 to 1, and int32 [128]
   */
  nextBatch(n: number): Batch {
    this.#checkBatchSize(n);
    if (n > this.size) {
      throw new CnnError('INVALID_ARGUMENT', `a batch of ${n} is larger than ${this.name}`, {
        expected: `at most ${this.size}`,
        received: String(n),
        dataset: this.name,
      });
    }
    const rows = new Uint32Array(n);
    for (let filled = 0; filled < n; ) {
      this.#order ??= permutation(this.size, this.#seed, this.#epoch);
      const taken = this.#order.subarray(this.#used, this.#used + n - filled);
      rows.set(taken, filled);
      filled += taken.length;
      this.#used += taken.length;
      if (this.#used === this.size) {
        this.#epoch++;
        this.#used = 0;
        this.#order = undefined;
      }
    }
    return this.#batch(rows);
  }

  /** How many times {@link nextBatch} has been through all samples. */
  get epochsCompleted(): number {
    return this.#epoch;
  }

  /** Lets {@link nextBatch} begin again at its first epoch, in the order of this seed. */
  rewind(seed = 0): void {
    this.#seed = checkSeed(seed);
    this.#epoch = 0;
    this.#used = 0;
    this.#order = undefined;
  }

  /** All samples in order, `size` at a time, fewer in the last batch. The caller disposes of the tensors. */
  *batches(size: number): Generator<Batch, void, undefined> {
    this.#checkBatchSize(size);
    for (let start = 0; start < this.size; start += size) {
      const n = Math.min(size, this.size - start);
      yield this.#batch(Uint32Array.from({ length: n }, (_, i) => start + i));
    }
  }

  /**
   * Writes the samples as an MNIST CSV: `label,pixel0,pixel1,...`, one sample a row, gzipped where `file` ends with
   * `.gz`. Atomic: the file is whole or was not touched.
   *
   * @param options how
   * @param options.header write the row of names (default true)
   * @throws CnnError `INVALID_ARGUMENT` for data that is not uint8 with labels, `WRITE_FAILED`
   */
  async toCsv(file: string, { header = true }: { header?: boolean } = {}): Promise<void> {
    await writeCsv(file, this, header);
  }

  #batch(rows: Uint32Array): Batch {
    return { x: inputTensor(this.x, rows), y: targetTensor(this.y, rows) };
  }

  #slice(name: string, start: number, end: number): Dataset {
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > this.size) {
      throw new CnnError('INVALID_ARGUMENT', `not a range of ${this.name}`, {
        expected: `whole numbers 0 <= start <= end <= ${this.size}`,
        received: `${start} to ${end}`,
        dataset: this.name,
      });
    }
    const [x, y] = [columnSlice(this.x, start, end), columnSlice(this.y, start, end)];
    return new Dataset({ ...this, name, x, y });
  }

  #share(part: keyof SplitSizes, share: number): number {
    if (share > 0 && share < 1) return Math.round(share * this.size);
    if (Number.isInteger(share) && share >= 0) return share;
    throw new CnnError('INVALID_ARGUMENT', `${part} is not a number of samples`, {
      expected: 'a whole number from 0 on, or a fraction below 1',
      received: String(share),
      argument: part,
    });
  }

  #checkIndex(i: number): number {
    if (Number.isInteger(i) && i >= 0 && i < this.size) return i;
    throw new CnnError('INVALID_ARGUMENT', `no sample ${i} in ${this.name}`, {
      expected: `an index from 0 to ${this.size - 1}`,
      received: String(i),
      dataset: this.name,
    });
  }

  #checkBatchSize(n: number): void {
    if (Number.isInteger(n) && n >= 1) return;
    throw new CnnError('INVALID_ARGUMENT', 'not a batch size', {
      expected: 'a whole number from 1 on',
      received: String(n),
      dataset: this.name,
    });
  }
}

function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new CnnError('INVALID_ARGUMENT', 'not a seed', {
    expected: 'a safe integer',
    received: String(seed),
  });
}

function countRows(dataset: string, column: 'x' | 'y', { data, shape }: Column): number {
  const rows = data.length / sizeOf(shape);
  if (Number.isInteger(rows) && shape.every((size) => Number.isInteger(size) && size > 0)) return rows;
  throw new CnnError('SHAPE_MISMATCH', `${dataset}: ${column} does not hold whole samples`, {
    expected: `a multiple of ${sizeOf(shape)} values for samples of shape ${formatShape(shape)}`,
    received: String(data.length),
    dataset,
    column,
  });
}

function checkLabels(dataset: string, { data, shape }: Column, classes: number): void {
  // Targets with a shape, such as vectors that came one-hot already, are not labels.
  if (shape.length > 0) return;
  if (data instanceof Float32Array) {
    throw new CnnError('DTYPE_MISMATCH', `${dataset}: labels are whole numbers`, {
      expected: 'a Uint8Array or an Int32Array',
      received: 'a Float32Array',
      hint: 'Convert them: Int32Array.from(labels).',
      dataset,
    });
  }
  const index = data.findIndex((label: number) => label < 0 || label >= classes);
  if (index < 0) return;
  throw new CnnError('DATA_INVALID', `${dataset}: label ${index} is not a class`, {
    expected: `0 to ${classes - 1}`,
    received: String(data[index]),
    dataset,
    index,
  });
}
