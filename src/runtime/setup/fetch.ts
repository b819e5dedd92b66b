import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CnnError } from '../../errors.js';
import type { OnBytes } from './files.js';

const attempts = 5;

/** The server's answer was understood, and another try would bring the same. */
class Refusal extends Error {}

/** What a part on disk was cut from: the server's tag for these very bytes. */
async function tagOf(file: string): Promise<string | undefined> {
  return readFile(`${file}.tag`, 'utf8').catch(() => undefined);
}

/** Removes a file that `fetchFile` brought, so that the next call fetches it anew. */
export async function forgetFetched(file: string): Promise<void> {
  await rm(`${file}.tag`, { force: true });
  await rm(file, { force: true });
}

/** One request, for what is still missing; appends until the end or the first failure. */
async function continueDownload(
  url: URL,
  file: string,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<void> {
  const tag = await tagOf(file);
  const have =
    tag === undefined
      ? 0
      : await stat(file).then(
          (s) => s.size,
          () => 0,
        );
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0) Object.assign(headers, { range: `bytes=${have}-`, 'if-range': tag });
  const response = await fetch(url, { headers, signal });
  if (response.status === 416) {
    if (response.headers.get('content-range') === `bytes */${have}`) return; // there was nothing left to fetch
    await forgetFetched(file);
    throw new Error('the part on disk is longer than the file');
  }
  if (!response.ok || response.body === null) {
    const problem = `the server answered ${response.status}`;
    throw response.status >= 500 || response.status === 429 ? new Error(problem) : new Refusal(problem);
  }
  const resumed = response.status === 206;
  const start = resumed ? have : 0;
  if (!resumed) {
    await forgetFetched(file);
    // Only a strong tag or a date lets a later request go on from a part.
    const etag = response.headers.get('etag');
    const newTag = etag !== null && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
    if (newTag !== null) await writeFile(`${file}.tag`, newTag);
  }
  const length = Number(response.headers.get('content-length') ?? 0);
  const total = length === 0 ? 0 : start + length;
  let bytes = start;
  const handle = await open(file, resumed ? 'a' : 'w');
  try {
    for await (const chunk of response.body) {
      await handle.write(chunk);
      bytes += chunk.length;
      onBytes(bytes, total);
    }
  } finally {
    await handle.close();
  }
  if (total !== 0 && bytes !== total)
    throw new Error(`the connection ended after ${bytes} of ${total} bytes`);
}

/**
 * Downloads a file over HTTP. What was there when an earlier try (of this or a killed process) ended is kept and
 * continued, if the server still offers the same bytes. The address is not stored: only a hash of it.
 *
 * @param folder where parts are kept
 * @returns path of the whole file; what is in it is for the caller to verify
 * @throws SETUP_DOWNLOAD_FAILED when the server refuses or cannot be reached, after some tries
 */
export async function fetchFile(
  url: URL,
  folder: string,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.part`);
  for (let attempt = 1; ; attempt++) {
    try {
      await continueDownload(url, file, onBytes, signal);
      return file;
    } catch (error) {
      signal?.throwIfAborted();
      if ((error as NodeJS.ErrnoException).syscall === 'write') throw error;
      if (error instanceof Refusal || attempt === attempts) {
        const { message, cause } = error as Error;
        const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
        throw new CnnError(
          'SETUP_DOWNLOAD_FAILED',
          `cannot download ${path.basename(url.pathname)}: ${reason}`,
          {
            hint: 'Check the address and the network, or fetch it with a browser and run `cnn setup --from FILE`.',
            cause: error,
          },
        );
      }
      await delay(250 * 2 ** attempt, undefined, { signal });
    }
  }
}
