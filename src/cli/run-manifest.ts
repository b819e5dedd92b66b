import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CnnError } from '../errors.js';
import { replaceFile } from '../replace-file.js';

const MANIFEST = 'manifest.json';

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
  await rm(path.join(folder, MANIFEST), { force: true });
}

/**
 * Compares a file with what the manifest beside it says, if there is one that names it.
 *
 * @throws CnnError FILE_CORRUPT
 */
export async function checkManifest(file: string): Promise<void> {
  const manifest = path.join(path.dirname(file), MANIFEST);
  const text = await readFile(manifest, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  let expected: unknown;
  try {
    expected = (JSON.parse(text) as { sha256: Record<string, unknown> }).sha256[path.basename(file)];
  } catch (cause) {
    throw new CnnError('FILE_CORRUPT', `${manifest} is no manifest`, { file: manifest, cause });
  }
  if (expected === undefined) return;
  const received = await digestOf(file);
  if (received === expected) return;
  throw new CnnError('FILE_CORRUPT', `${file} is not the file that the run wrote`, {
    file,
    expected: `SHA-256 ${expected}, as ${MANIFEST} says`,
    received,
  });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
