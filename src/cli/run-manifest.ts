import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gather, readBytes } from '../datasets/bytes.js';
import { CnnError } from '../errors.js';
import { text as isText, object, recordOf } from '../json-kind.js';
import { removeLeftovers, replaceFile } from '../replace-file.js';

const MANIFEST = 'manifest.json';
/** Enough for ten thousand files. */
const MAX_MANIFEST = 2 ** 20;

const isManifest = object({ sha256: recordOf(isText) });

/** Notes the SHA-256 of every file of a run that is at rest. @throws CnnError WRITE_FAILED */
export async function writeManifest(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== MANIFEST).map(({ name }) => name);
  const files: Record<string, string> = {};
  for (const name of names.sort()) files[name] = await digestOf(path.join(folder, name));
  await replaceFile(path.join(folder, MANIFEST), [
    Buffer.from(`${JSON.stringify({ sha256: files }, null, 2)}\n`),
  ]);
}

/** To be called before the run's files change. */
export async function removeManifest(folder: string): Promise<void> {
  const file = path.join(folder, MANIFEST);
  await rm(file, { force: true });
  await removeLeftovers(file);
}

/**
 * Compares a file with what the manifest beside it says, if there is one that names it.
 *
 * @throws CnnError FILE_CORRUPT, FILE_UNREADABLE
 */
export async function checkManifest(file: string): Promise<void> {
  const expected = (await readManifest(path.join(path.dirname(file), MANIFEST)))[path.basename(file)];
  if (expected === undefined) return;
  const received = await digestOf(file);
  if (received === expected) return;
  throw new CnnError('FILE_CORRUPT', `${file} is not the file that the run wrote`, {
    file,
    expected: `SHA-256 ${expected}, as ${MANIFEST} says`,
    received,
  });
}

/** The digests by the names of the files; none where there is no manifest. */
async function readManifest(file: string): Promise<Readonly<Record<string, string>>> {
  let text: string;
  try {
    text = (await readBytes(file, ({ chunks }) => gather(file, chunks, MAX_MANIFEST))).toString();
  } catch (error) {
    if (error instanceof CnnError && error.code === 'FILE_NOT_FOUND') return {};
    throw error;
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {}
  if (isManifest(manifest)) return manifest.sha256;
  throw new CnnError('FILE_CORRUPT', `${file} is no manifest`, { file });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
