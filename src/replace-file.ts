import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from './errors.js';

const READ_SIZE = 1 << 20;

/**
 * Writes a file so that a crash at any moment leaves the old one or the new one, whole: into a sibling, flushed to
 * the disk, read back and compared, renamed over the file, and the folder flushed. Nothing is left behind where it
 * fails; a process that is killed leaves the sibling, for `removeLeftovers`.
 *
 * @throws CnnError `WRITE_FAILED` with `file` and the cause (disk full, no such folder, read-only ...)
 */
export async function replaceFile(
  file: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx+');
    try {
      const written = createHash('sha256');
      for await (const chunk of content) {
        await handle.writeFile(chunk);
        written.update(chunk);
      }
      await handle.sync();
      if ((await digestOf(handle)) !== written.digest('hex')) {
        throw new Error('the bytes that were written are not the ones read back');
      }
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await flushFolder(path.dirname(file));
  } catch (cause) {
    // Where the disk fails, this may fail too; what is to be told is the first cause.
    await rm(temporary, { force: true }).catch(() => {});
    throw new CnnError('WRITE_FAILED', `cannot write ${file} (${(cause as Error).message})`, { file, cause });
  }
}

/** Removes what processes that were killed in `replaceFile` have left beside a file. For the only writer of the file. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter(
    (name) => name.startsWith(start) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(start.length)),
  );
  await Promise.all(leftovers.map((name) => rm(path.join(folder, name), { force: true })));
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

async function digestOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(READ_SIZE);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
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
