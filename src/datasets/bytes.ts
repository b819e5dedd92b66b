import { constants, type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { CnnError } from '../errors.js';

/** Opening a named pipe, which is refused as no file, must not wait for who writes into it. Windows has none such. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Large enough that the calls don't count, small enough to stay in the processor's cache. */
const CHUNK = 1 << 16;

/** What one call of the system reads at most. */
const MAX_READ = 2 ** 30;

/** A deflate stream of n bytes holds at most about 1,032 n bytes. */
const MAX_INFLATION = 1032;

/** A file being read: its bytes in order, uncompressed where its name ends with `.gz`. */
export interface ByteSource {
  readonly file: string;
  /** Size of the file itself, so that a bound on anything in it can be had before it is believed. */
  readonly fileSize: number;
  readonly chunks: AsyncIterable<Buffer>;
  /**
   * Where the bytes need no unpacking: reads them from a position on straight into memory, in a fraction of the time that
   * chunks take.
   *
   * @returns how many were read: fewer where the file ends before, one more where it goes on afterwards
   */
  fill?(memory: Uint8Array, position: number): Promise<number>;
  /**
   * Throws where the file cannot hold exactly this many (uncompressed) bytes, as far as that shows without reading
   * it: to be asked before memory is taken on a header's word.
   *
   * @param reason why it should: `'as its header says'`
   */
  checkSize(bytes: number, reason: string): void;
}

/**
 * Opens a file, hands its bytes to `consume` and closes it.
 *
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`, or `FILE_CORRUPT` for gzip data that is damaged, cut short or
 *   followed by something else; with `file` and, for the last, `offset`
 */
export function readBytes<T>(file: string, consume: (source: ByteSource) => Promise<T>): Promise<T> {
  return withOpen(file, async (handle) =>
    consume(await (file.endsWith('.gz') ? gzipSource(file, handle) : plainSource(file, handle))),
  );
}

/**
 * Sees whether a file is there and can be read, before work is done that is in vain otherwise.
 *
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`
 */
export async function requireReadable(file: string): Promise<void> {
  await withOpen(file, (handle) => fileSizeOf(file, handle));
}

async function withOpen<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, READ).catch((cause) => {
    throw unreadable(file, cause);
  });
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/**
 * All of a stream's bytes.
 *
 * @param name what messages call it
 * @throws CnnError `DATA_INVALID` where there are more than `most`
 */
export async function gather(name: string, chunks: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const gathered: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > most) {
      throw new CnnError('DATA_INVALID', `${name} is too large`, {
        file: name,
        expected: `at most ${Math.round(most / 2 ** 20)} MiB`,
        received: 'more',
      });
    }
    gathered.push(chunk);
  }
  return Buffer.concat(gathered);
}

async function plainSource(file: string, handle: FileHandle): Promise<ByteSource> {
  const source = uncompressed(file, await fileSizeOf(file, handle), readPlain(file, handle));
  return { ...source, fill: (memory, position) => readInto(file, handle, memory, position) };
}

async function readInto(
  file: string,
  handle: FileHandle,
  memory: Uint8Array,
  position: number,
): Promise<number> {
  let filled = 0;
  const next = async (target: Uint8Array, offset: number) => {
    const { bytesRead } = await handle
      .read(target, offset, Math.min(target.length - offset, MAX_READ), position + filled)
      .catch((cause) => Promise.reject(unreadable(file, cause)));
    filled += bytesRead;
    return bytesRead > 0;
  };
  while (filled < memory.length) if (!(await next(memory, filled))) return filled;
  await next(new Uint8Array(1), 0);
  return filled;
}

/** The source of bytes that are as they are. */
export function uncompressed(file: string, size: number, chunks: AsyncIterable<Buffer>): ByteSource {
  return {
    file,
    fileSize: size,
    chunks,
    checkSize(bytes, reason) {
      if (bytes !== size) {
        throw corruptFile(file, Math.min(bytes, size), `${bytes} bytes, ${reason}`, `${size} bytes`);
      }
    },
  };
}

async function* readPlain(file: string, handle: FileHandle): AsyncGenerator<Buffer> {
  try {
    yield* handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function gzipSource(file: string, handle: FileHandle): Promise<ByteSource> {
  const fileSize = await fileSizeOf(file, handle);
  // Ten bytes of header, at least two of data, and eight of checksum and size.
  if (fileSize < 20) {
    throw corruptFile(file, fileSize, 'a gzip file of at least 20 bytes', `${fileSize} bytes`);
  }
  const edges = Buffer.alloc(6);
  await handle.read(edges, 0, 2, 0);
  await handle.read(edges, 2, 4, fileSize - 4);
  if (edges[0] !== 0x1f || edges[1] !== 0x8b) {
    throw corruptFile(file, 0, 'gzip data (1f 8b)', edges.toString('hex', 0, 2).replace(/..(?=.)/, '$& '), {
      hint: 'If the file was unpacked already, take ".gz" off its name.',
    });
  }
  // What gzip wrote last: the uncompressed size modulo 2^32.
  const size = edges.readUInt32LE(2);
  return {
    file,
    fileSize,
    chunks: readGzip(file, handle, fileSize),
    checkSize(bytes, reason) {
      if (bytes % 2 ** 32 !== size) {
        throw corruptFile(
          file,
          fileSize - 4,
          `an uncompressed size of ${bytes} bytes, ${reason}`,
          String(size),
        );
      }
      const least = Math.ceil(bytes / MAX_INFLATION);
      if (fileSize < least) {
        throw corruptFile(
          file,
          fileSize,
          `${least} bytes at least for ${bytes}, ${reason}`,
          String(fileSize),
        );
      }
    },
  };
}

async function* readGzip(file: string, handle: FileHandle, fileSize: number): AsyncGenerator<Buffer> {
  const raw = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  raw.on('error', (cause) => gunzip.destroy(unreadable(file, cause)));
  try {
    yield* raw.pipe(gunzip);
  } catch (cause) {
    if (cause instanceof CnnError) throw cause;
    throw corruptFile(file, gunzip.bytesWritten, 'undamaged gzip data', (cause as Error).message, { cause });
  } finally {
    raw.destroy();
  }
  if (gunzip.bytesWritten !== fileSize) {
    const left = fileSize - gunzip.bytesWritten;
    throw corruptFile(
      file,
      gunzip.bytesWritten,
      'the end of the file after its gzip data',
      `${left} more bytes`,
    );
  }
}

async function fileSizeOf(file: string, handle: FileHandle): Promise<number> {
  const stats = await handle.stat();
  if (stats.isFile()) return stats.size;
  throw new CnnError('FILE_UNREADABLE', `${file} is not a file`, {
    expected: 'a file',
    received: stats.isDirectory() ? 'a folder' : 'something else',
    file,
  });
}

/** The error for a file whose bytes are not what they should be from `offset` on. */
export function corruptFile(
  file: string,
  offset: number,
  expected: string,
  received: string,
  more: { hint?: string; cause?: unknown } = {},
): CnnError {
  return new CnnError('FILE_CORRUPT', `${file} is not as it should be at byte ${offset}`, {
    expected,
    received,
    hint: 'Download or copy it again.',
    ...more,
    file,
    offset,
  });
}

function unreadable(file: string, cause: unknown): CnnError {
  const { code } = cause as NodeJS.ErrnoException;
  return new CnnError(
    code === 'ENOENT' || code === 'ENOTDIR' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
    `cannot read ${file} (${(cause as Error).message})`,
    { file, cause },
  );
}
