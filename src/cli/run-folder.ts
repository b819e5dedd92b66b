import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { gather, readBytes } from '../datasets/bytes.js';
import { IMAGE_FORMATS, type ImageFormat } from '../datasets/image-format.js';
import { CnnError } from '../errors.js';
import { text as isText, type JsonKind, object } from '../json-kind.js';
import { type HeldLock, lockTraining } from '../lock.js';
import { replaceFile } from '../replace-file.js';
import type { Output } from './output.js';

/** How a run was made; kept as `config.json` in its folder, so that it can be scored and made again. */
export interface RunConfig {
  readonly model: string;
  /** Name of a data set, or an absolute path. */
  readonly data: string;
  readonly format: ImageFormat;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Everything else is for people and for repeating the run. */
  readonly [setting: string]: unknown;
}

/** Where `cnn train` puts runs by default, and where `cnn evaluate` looks for them. */
export const RUNS = 'runs';

const isRunConfig: JsonKind<RunConfig> = object({
  model: isText,
  data: isText,
  format: (value): value is RunConfig['format'] => IMAGE_FORMATS.includes(value as ImageFormat),
  started: isText,
});

const CONFIG = 'config.json';
/** What we write has some thousand bytes. */
const MAX_CONFIG = 2 ** 20;
/** Folders that a warning names. */
const MAX_NAMED = 5;
const OTHER_FOLDER = 'Give another folder with --out.';

/** The folder of one training run: its settings, its history, and the best and the last state of its model. */
export class RunFolder {
  readonly path: string;
  /** The model after the epoch with the best score. */
  readonly best: string;
  /** The model as it was when training ended. */
  readonly last: string;
  readonly history: string;
  /** All that it takes to go on; only while a run is under way or interrupted. */
  readonly checkpoint: string;

  private constructor(folder: string) {
    this.path = folder;
    this.best = path.join(folder, 'best.keras');
    this.last = path.join(folder, 'last.keras');
    this.history = path.join(folder, 'history.csv');
    this.checkpoint = path.join(folder, 'checkpoint.safetensors');
  }

  /**
   * Makes `out/name-1`, or with the number after the highest one there.
   *
   * @throws CnnError WRITE_FAILED
   */
  static async create(out: string, name: string, config: RunConfig): Promise<RunFolder> {
    try {
      await mkdir(out, { recursive: true });
      const numbers = (await readdir(out)).map((entry) => runNumber(entry, name));
      for (let number = Math.max(0, ...numbers) + 1; ; number++) {
        const run = new RunFolder(path.join(out, `${name}-${number}`));
        if (!(await makeFolder(run.path))) continue; // another process was faster
        await replaceFile(path.join(run.path, CONFIG), [Buffer.from(`${JSON.stringify(config, null, 2)}\n`)]);
        return run;
      }
    } catch (cause) {
      throw 'syscall' in (cause as object) ? cannotWrite(out, cause as Error) : cause;
    }
  }

  /**
   * The run in a folder, or undefined where the folder holds none.
   *
   * @throws CnnError FILE_UNREADABLE, FILE_CORRUPT for a `config.json` of something else
   */
  static async open(folder: string): Promise<{ run: RunFolder; config: RunConfig } | undefined> {
    const file = path.join(folder, CONFIG);
    try {
      const bytes = await readBytes(file, ({ chunks }) => gather(file, chunks, MAX_CONFIG));
      return { run: new RunFolder(folder), config: parseConfig(file, bytes.toString()) };
    } catch (error) {
      if (error instanceof CnnError && error.code === 'FILE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /**
   * Keeps other processes from going on with the run.
   *
   * @throws CnnError LOCKED, WRITE_FAILED
   */
  lock(): Promise<HeldLock> {
    return lockTraining(this.path, OTHER_FOLDER);
  }

  /** The model to score: the best one, or the last where training was stopped before the first epoch ended. */
  get model(): string {
    return existsSync(this.best) ? this.best : this.last;
  }
}

/**
 * Checks that a run can be made in `out`, without making anything.
 *
 * @throws CnnError WRITE_FAILED
 */
export async function checkWritable(out: string): Promise<void> {
  const folder = existingFolder(out);
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is not a folder`);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(out, error as Error);
  }
}

/** What training writes at most for each parameter: three models or checkpoints with two moments, one of them twice. */
const BYTES_PER_PARAMETER = 60;

/**
 * Checks that there is room for a run.
 *
 * @throws CnnError WRITE_FAILED
 */
export async function checkRoom(out: string, parameters: number): Promise<void> {
  const { bavail, bsize } = await statfs(existingFolder(out));
  const [free, needed] = [bavail * bsize, parameters * BYTES_PER_PARAMETER + 2 ** 20];
  if (free >= needed) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;
  throw new CnnError('WRITE_FAILED', `there is no room for a run in ${out}`, {
    file: out,
    expected: `${megabytes(needed)} free`,
    received: megabytes(free),
    hint: OTHER_FOLDER,
  });
}

/**
 * The runs in a folder, the one that was started last first. Folders of other programs, and what cannot be read, are
 * passed over; a warning names them.
 */
export async function listRuns(
  out: string,
  output: Pick<Output, 'warn'>,
): Promise<{ run: RunFolder; config: RunConfig }[]> {
  const strange: string[] = [];
  const folders = (await listFolder(out)).map((entry) => path.join(out, entry));
  const opened = folders.map((folder) =>
    RunFolder.open(folder).catch((error) => {
      if (!(error instanceof CnnError)) throw error;
      strange.push(folder);
      return undefined;
    }),
  );
  const runs = (await Promise.all(opened)).filter((found) => found !== undefined);
  if (strange.length > 0) {
    const names = strange.sort().slice(0, MAX_NAMED).join(', ');
    const more = strange.length > MAX_NAMED ? ` and ${strange.length - MAX_NAMED} more` : '';
    output.warn(`passed over ${names}${more}: ${CONFIG} there is not that of a run, or cannot be read`);
  }
  return runs.sort((a, b) => b.config.started.localeCompare(a.config.started));
}

/** The folder, or the nearest above it that there is. */
function existingFolder(out: string): string {
  let folder = path.resolve(out);
  while (!existsSync(folder)) folder = path.dirname(folder);
  return folder;
}

function runNumber(entry: string, name: string): number {
  const [, number] = entry.startsWith(`${name}-`)
    ? (/^(\d{1,9})$/.exec(entry.slice(name.length + 1)) ?? [])
    : [];
  return Number(number ?? 0);
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The names in a folder; none where there is no such folder. */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

function parseConfig(file: string, text: string): RunConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {}
  if (isRunConfig(config)) return config;
  throw new CnnError('FILE_CORRUPT', `${file} does not describe a run`, {
    file,
    expected: 'JSON with "model", "data", "format" and "started"',
    received: JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text),
  });
}

function cannotWrite(out: string, cause: Error): CnnError {
  return new CnnError('WRITE_FAILED', `cannot write into ${out} (${cause.message})`, {
    file: out,
    hint: OTHER_FOLDER,
    cause,
  });
}
