import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { count, type JsonKind, object, text } from '../../json-kind.js';
import { bytes, double, type Field, message, whole } from '../../runtime/message.js';
import { Bytes } from '../../saving/bytes.js';
import { readFile } from '../../saving/read-file.js';
import type { Image } from '../image.js';
import { type Bucket, histogram } from './histogram.js';
import { record, wholeLength } from './record.js';
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

/** A moment in the writing of an event file, in plain JSON. */
export interface EventFilePlace {
  /** The file's name in its folder. */
  readonly name: string;
  /** Bytes that had been written. */
  readonly length: number;
}

export const eventFilePlace: JsonKind<EventFilePlace> = object({ name: text, length: count });

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
  /** Whether it was made here, and does not go on with an earlier one. */
  readonly isNew: boolean;
  private waiting: Uint8Array[] = [];
  private length: number;

  private constructor(file: string, length: number) {
    this.file = file;
    this.length = length;
    this.isNew = length === 0;
    if (this.isNew) this.add(bytes(3, 'brain.Event:2'));
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
    return new EventFile(file, 0);
  }

  /**
   * Goes on in a file where its writing once was: what came afterwards is cut off.
   *
   * @returns undefined where the file is not there any more, or no whole events end at that place
   * @throws CnnError WRITE_FAILED
   */
  static async goOn(folder: string, { name, length }: EventFilePlace): Promise<EventFile | undefined> {
    // A place may be from a file that somebody else made: it names nothing outside of the folder.
    if (path.basename(name) !== name) return undefined;
    const file = path.join(folder, name);
    if (!(await endsWhole(file, length))) return undefined;
    await writing(file, () => truncate(file, length));
    return new EventFile(file, length);
  }

  /** Where the writing is now; what was not flushed does not count. */
  get place(): EventFilePlace {
    return { name: path.basename(this.file), length: this.length };
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
    const events = Buffer.concat(this.waiting);
    this.waiting = [];
    await writing(this.file, () => appendFile(this.file, events));
    this.length += events.length;
  }

  private summary(value: Uint8Array, step: number): void {
    this.add(whole(2, step), bytes(5, bytes(1, value)));
  }

  private add(...fields: Field[]): void {
    this.waiting.push(record(message(double(1, Date.now() / 1000), ...fields)));
  }
}

/** Whether there is a file whose first bytes are whole records. */
async function endsWhole(file: string, length: number): Promise<boolean> {
  try {
    const bytes = new Bytes(file, await readFile(file));
    const start = new Bytes(file, bytes.slice(0, length));
    return length > 0 && wholeLength(start) === length;
  } catch (error) {
    if (error instanceof CnnError) return false;
    throw error;
  }
}

async function writing<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new CnnError('WRITE_FAILED', `cannot write ${file} (${(cause as Error).message})`, { file, cause });
  }
}
