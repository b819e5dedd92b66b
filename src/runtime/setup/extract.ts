import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { CnnError } from '../../errors.js';
import { trimElf } from '../elf.js';
import { type OnBytes, sync } from './files.js';
import type { WheelMember } from './wheels.js';

/** A file of an archive to be unpacked. Without size and hash only where the whole archive was verified. */
export type Member = Pick<WheelMember, 'name'> & Partial<WheelMember>;

function corrupt(archive: string, problem: string, expected?: string, received?: string): CnnError {
  return new CnnError('SETUP_CORRUPT', `${path.basename(archive)} is damaged: ${problem}`, {
    expected,
    received,
    hint: 'Run `cnn setup` again to fetch it anew.',
    path: archive,
  });
}

/** Passes bytes on, hashing and counting them. */
function meter(onChunk: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onChunk(chunk);
      done(null, chunk);
    },
  });
}

/** Opens a zip file and lists its files, by name. The caller closes it. */
export async function openZip(
  archive: string,
): Promise<{ zip: yauzl.ZipFile; entries: Map<string, yauzl.Entry> }> {
  const zip = await yauzl
    .openPromise(archive, { lazyEntries: true, autoClose: false })
    .catch((error: Error) => {
      throw corrupt(archive, error.message);
    });
  try {
    const entries = new Map<string, yauzl.Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return { zip, entries };
  } catch (error) {
    zip.close();
    throw corrupt(archive, (error as Error).message);
  }
}

/**
 * Unpacks some files of a wheel, streamed: no more than a few chunks are in memory. Size and sha256 of each are
 * checked before anything else happens to it; then TensorFlow's own ELF libraries are cut to what is loaded, and
 * all is written through to the disk.
 *
 * @param place path of a member below `folder`
 * @param onBytes told the unpacked bytes of all members so far
 * @throws SETUP_CORRUPT when the archive, or a member, is not what it should be
 */
export async function extractMembers(
  archive: string,
  members: readonly Member[],
  folder: string,
  place: (name: string) => string,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<void> {
  const { zip, entries } = await openZip(archive);
  try {
    const total = members.reduce((sum, m) => sum + (m.size ?? entries.get(m.name)?.uncompressedSize ?? 0), 0);
    let bytes = 0;
    for (const { name, size, sha256 } of members) {
      const entry = entries.get(name);
      if (entry === undefined) throw corrupt(archive, `${name} is not in it`);
      if (size !== undefined && entry.uncompressedSize !== size) {
        throw corrupt(archive, `size of ${name}`, `${size} bytes`, `${entry.uncompressedSize}`);
      }
      const file = path.join(folder, place(name));
      await mkdir(path.dirname(file), { recursive: true });
      const hash = createHash('sha256');
      const counted = meter((chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
        onBytes(bytes, total);
      });
      const packed = await zip.openReadStreamPromise(entry).catch((error: Error) => {
        throw corrupt(archive, `${name}: ${error.message}`);
      });
      packed.on('error', (error: NodeJS.ErrnoException) => {
        // What inflating meets is the archive's fault; what reading or writing meets (with a system call) is not.
        if (error.syscall === undefined && !signal?.aborted)
          counted.destroy(corrupt(archive, `${name}: ${error.message}`));
      });
      await pipeline(packed, counted, createWriteStream(file, { flags: 'wx' }), { signal });
      const digest = hash.digest('hex');
      if (sha256 !== undefined && digest !== sha256)
        throw corrupt(archive, `sha256 of ${name}`, sha256, digest);
      if (/^tensorflow\/.*\.so/.test(name)) await trimElf(file);
      if (name.includes('/bin/')) await chmod(file, 0o755);
      await sync(file);
      await sync(path.dirname(file));
    }
  } finally {
    zip.close();
  }
}
