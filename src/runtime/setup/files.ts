import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, statfs } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { abortError } from '../../abort.js';
import { CnnError } from '../../errors.js';

/** Told how far a stretch of work has come; `total` is 0 where it is not known. */
export type OnBytes = (bytes: number, total: number) => void;

/** The sha256 of a file, in hex. */
export async function sha256Of(
  file: string,
  size: number,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    async (source) => {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        onBytes(bytes, size);
      }
    },
    { signal },
  );
  return hash.digest('hex');
}

/** Waits until a file, or the entries of a folder, are on the disk and not only on their way to it. */
export async function sync(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a finished folder in its place in one step. A folder already there is moved to `aside` first. */
export async function placeFolder(finished: string, target: string, aside: string): Promise<void> {
  try {
    await rename(finished, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await rename(target, aside);
    await rename(finished, target);
  }
  await sync(path.dirname(target));
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
const spaceHint = 'Free some, or set CNN_CACHE to a folder on a larger disk.';

/** @throws SETUP_NO_SPACE if the disk that holds a folder has less room than needed */
export async function requireSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed) {
    throw new CnnError('SETUP_NO_SPACE', `not enough disk space for libtensorflow in ${folder}`, {
      expected: gigabytes(needed),
      received: gigabytes(free),
      hint: spaceHint,
      folder,
    });
  }
}

/** What an error met while installing means to the person who runs it. Coded errors stay as they are. */
export function asSetupError(error: unknown, folder: string, signal?: AbortSignal): CnnError {
  if (error instanceof CnnError) return error;
  if (signal?.aborted) {
    return abortError('setup was stopped', signal, {
      hint: 'Run `cnn setup` again: it goes on from what is complete.',
    });
  }
  const { code, message, path: place = folder } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CnnError('SETUP_NO_SPACE', `the disk is full: ${place}`, {
      hint: spaceHint,
      cause: error,
      folder,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    const hint = 'Set CNN_CACHE to a folder that you may write.';
    return new CnnError('WRITE_FAILED', `cannot write ${place}: ${message}`, {
      hint,
      cause: error,
      path: place,
    });
  }
  return new CnnError('WRITE_FAILED', `setup failed: ${message}`, { cause: error, path: place });
}
