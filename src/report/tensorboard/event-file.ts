import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { bytes, double, type Field, message, whole } from '../../runtime/message.js';
import { crc32c } from '../crc.js';
import type { Image } from '../image.js';
import { type Bucket, histogram } from './histogram.js';
import {
  type Hyperparameter,
  histogramValue,
  hyperparametersValue,
  imageValue,
  layersValue,
  type NamedLayer,
  runEndedValue,
  scalarValue,
  textValue,
} from './summary.js';

let files = 0;

/**
 * A file of events that TensorBoard reads, also while it is being written: scalars, histograms, pictures, text, a
 * graph. Steps are whole numbers from 0 on.
 *
 * @example
 * const events = await EventFile.create('runs/mine');
 * events.scalar('loss', 0.25, 0);
 * await events.flush(); // tensorboard --logdir runs
 */
export class EventFile {
  /** Its path. */
  readonly file: string;
  private waiting: Uint8Array[] = [];

  private constructor(file: string) {
    this.file = file;
    this.add(bytes(3, 'brain.Event:2'));
  }

  /** A new file in a folder, which TensorBoard takes for one run. @throws CnnError WRITE_FAILED */
  static async create(folder: string): Promise<EventFile> {
    const now = Date.now();
    const name = `events.out.tfevents.${Math.floor(now / 1000)}.${hostname()}.${process.pid}.${files++}.v2`;
    const file = path.join(folder, name);
    await writing(file, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(file, '', { flag: 'wx' });
    });
    return new EventFile(file);
  }

  /** A number, a point of the curve of its tag. */
  scalar(tag: string, value: number, step: number): void {
    this.summary(scalarValue(tag, value), step);
  }

  /** How values are distributed: of an array, or buckets that were counted elsewhere. */
  histogram(tag: string, values: ArrayLike<number> | readonly Bucket[], step: number): void {
    const isCounted = Array.isArray(values[0]);
    const buckets = isCounted ? (values as readonly Bucket[]) : histogram(values as ArrayLike<number>);
    this.summary(histogramValue(tag, buckets), step);
  }

  /** Pictures of one size. */
  images(tag: string, pictures: readonly Image[], step: number): void {
    this.summary(imageValue(tag, pictures), step);
  }

  /** Text in Markdown. */
  text(tag: string, markdown: string, step: number): void {
    this.summary(textValue(tag, markdown), step);
  }

  /** The settings of the run, once. */
  hyperparameters(settings: Readonly<Record<string, Hyperparameter>>): void {
    this.summary(hyperparametersValue(settings), 0);
  }

  /** Says that the run has ended well; only for one with hyper-parameters. */
  ended(): void {
    this.summary(runEndedValue(), 0);
  }

  /** A graph, as the GraphDef message of TensorFlow: `jit(fn).trace(...).toGraphDef()`. */
  graph(graphDef: Uint8Array): void {
    this.add(bytes(4, graphDef));
  }

  /** A model as its layers, one after another: TensorBoard's conceptual graph. */
  layers(name: string, layers: readonly NamedLayer[]): void {
    this.summary(layersValue(name, layers), 0);
  }

  /** Writes what has been added since the last time. @throws CnnError WRITE_FAILED */
  async flush(): Promise<void> {
    const records = this.waiting;
    this.waiting = [];
    await writing(this.file, () => appendFile(this.file, Buffer.concat(records)));
  }

  private summary(value: Uint8Array, step: number): void {
    this.add(whole(2, step), bytes(5, bytes(1, value)));
  }

  private add(...fields: Field[]): void {
    this.waiting.push(record(message(double(1, Date.now() / 1000), ...fields)));
  }
}

/** TensorFlow's record: length, its checksum, data, its checksum. */
function record(data: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(data.length + 16);
  framed.writeBigUInt64LE(BigInt(data.length), 0);
  framed.writeUInt32LE(maskedChecksum(framed.subarray(0, 8)), 8);
  framed.set(data, 12);
  framed.writeUInt32LE(maskedChecksum(data), data.length + 12);
  return framed;
}

/** Masked, since a checksum over data that hold checksums is weak. */
function maskedChecksum(data: Uint8Array): number {
  const sum = crc32c(data);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

async function writing<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new CnnError('WRITE_FAILED', `cannot write ${file} (${(cause as Error).message})`, { file, cause });
  }
}
