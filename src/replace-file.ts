import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from './errors.js';

/**
 * Writes a file so that a crash at any moment leaves the old one or the new one, whole: into a sibling, flushed to
 * the disk, renamed over the file, and the folder flushed. Nothing is left behind where it fails.
 *
 * @throws CnnError `WRITE_FAILED` with `file` and the cause (disk full, no such folder, read-only ...)
 */
export async function replaceFile(
  file: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for await (const chunk of content) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await flushFolder(path.dirname(file));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new CnnError('WRITE_FAILED', `cannot write ${file} (${(cause as Error).message})`, { file, cause });
  }
}

/** Makes the folder that a file is to be in, and those above it, where they lack. @throws CnnError `WRITE_FAILED` */
export async function makeFolderFor(file: string): Promise<void> {
  const folder = path.dirname(file);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new CnnError('WRITE_FAILED', `cannot make the folder ${folder} (${(cause as Error).message})`, {
      file,
      cause,
    });
  }
}

/** Makes a rename outlive a power cut. Windows opens no folders, and needs none of this. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
