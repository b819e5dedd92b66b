import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CnnError } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import { hasNvidiaDriver } from './platform.js';
import { pythonPackageFolders } from './python.js';

/** A libtensorflow on this machine. Its two files exist; whether it works is for `probeLibrary` to say. */
export interface Library {
  /** Absolute path of libtensorflow_cc, or of libtensorflow in TensorFlow's own C archives. */
  readonly cc: string;
  /** Absolute path of libtensorflow_framework, which the other one needs beside it. */
  readonly framework: string;
  /** TensorFlow's version as far as file names tell it. */
  readonly version: string | undefined;
  /** Where it was found. */
  readonly source: 'explicit' | 'cache' | 'tfjs-node' | 'python';
  /** `gpu`: built for CUDA. Such a library computes on the CPU where no GPU is seen. */
  readonly variant: 'cpu' | 'gpu';
  /** Absolute paths to load first, in order, with their symbols global: CUDA libraries missing in its run path. */
  readonly preload: readonly string[];
}

export interface FindLibraryOptions {
  /** File or folder; looked at before, and instead of, everything else. Default: `$CNN_LIBTENSORFLOW`. */
  path?: string;
  /** `gpu`: only libraries built for CUDA. `any` (default): CUDA first if an NVIDIA driver is loaded. */
  variant?: 'cpu' | 'gpu' | 'any';
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

const names =
  process.platform === 'darwin'
    ? {
        cc: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
        framework: ['libtensorflow_framework.2.dylib'],
      }
    : { cc: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'], framework: ['libtensorflow_framework.so.2'] };

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The metadata folder that pip leaves beside `tensorflow/`: distribution name and version. */
function pythonMetadata(cc: string): { name: string; version: string } | undefined {
  for (const entry of listFolder(path.join(path.dirname(cc), '..'))) {
    const match = /^(tensorflow(?:_\w+)?)-(\d[\w.]*)\.dist-info$/i.exec(entry);
    if (match) return { name: match[1]!.toLowerCase(), version: match[2]! };
  }
  return undefined;
}

function describe(cc: string, framework: string, source: Library['source']): Library {
  const metadata = path.basename(path.dirname(cc)) === 'tensorflow' ? pythonMetadata(cc) : undefined;
  // libtensorflow-2.21.0-linux-x64-cpu/..., libtensorflow.so.2.9.1 (behind a link), libtensorflow.2.9.1.dylib
  const version =
    metadata?.version ??
    /libtensorflow-(\d+\.\d+\.\d+)-/.exec(cc)?.[1] ??
    /\.(\d+\.\d+\.\d+)(?:\.dylib)?$/.exec(realpathSync(cc))?.[1];
  const nvidia = path.join(path.dirname(cc), '..', 'nvidia');
  const cuda =
    metadata === undefined
      ? existsSync(nvidia) || cc.includes('tfjs-node-gpu')
      : metadata.name === 'tensorflow' && process.platform === 'linux' && process.arch === 'x64';
  // TensorFlow 2.21's run path has no cuSOLVER, though the library is there.
  const cusolver = path.join(nvidia, 'cusolver', 'lib', 'libcusolver.so.11');
  return {
    cc,
    framework,
    version,
    source,
    variant: cuda ? 'gpu' : 'cpu',
    preload: cuda && isFile(cusolver) ? [cusolver] : [],
  };
}

/** The pair of files in a folder, or in the subfolders that wheels (`tensorflow`) and C archives (`lib`) have. */
function libraryIn(folder: string, source: Library['source']): Library | undefined {
  for (const place of [folder, path.join(folder, 'tensorflow'), path.join(folder, 'lib')]) {
    const find = (candidates: readonly string[]) => candidates.map((n) => path.join(place, n)).find(isFile);
    const cc = find(names.cc);
    const framework = find(names.framework);
    if (cc !== undefined && framework !== undefined) return describe(cc, framework, source);
  }
  return undefined;
}

/** ELF, or Mach-O for one or several processors: a first look, so that a wrong file is named before it is loaded. */
function isLibraryFile(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const magic = Buffer.alloc(4);
    readSync(fd, magic, 0, 4, 0);
    return ['7f454c46', 'cffaedfe', 'cafebabe'].includes(magic.toString('hex'));
  } finally {
    closeSync(fd);
  }
}

function explicitLibrary(given: string): Library {
  const hint = `Set CNN_LIBTENSORFLOW to the folder with ${names.cc[0]} and ${names.framework[0]}, or unset it.`;
  if (!existsSync(given)) {
    throw new CnnError('LIBRARY_NOT_FOUND', `there is no libtensorflow at ${given}`, { hint, path: given });
  }
  const stat = statSync(given);
  const unusable = (expected: string, received: string) =>
    new CnnError('LIBRARY_UNUSABLE', `${given} is no libtensorflow`, {
      expected,
      received,
      hint,
      path: given,
    });
  if (stat.isDirectory()) {
    const library = libraryIn(given, 'explicit');
    if (library === undefined)
      throw unusable(`${names.cc[0]} and ${names.framework[0]} in it`, 'neither or one');
    return library;
  }
  if (!stat.isFile() || !isLibraryFile(given)) throw unusable('a shared library', 'another kind of file');
  if (/_framework\b/.test(path.basename(given))) throw unusable(names.cc.join(' or '), path.basename(given));
  const framework = names.framework.map((n) => path.join(path.dirname(given), n)).find(isFile);
  if (framework === undefined) throw unusable(`${names.framework[0]} beside it`, 'none');
  return describe(given, framework, 'explicit');
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

/** What `cnn setup` installed: newest version first, and CUDA builds first where they are wanted. */
function* cached(env: NodeJS.ProcessEnv, cudaFirst: boolean): Generator<Library> {
  const root = cacheFolder(env);
  const entry = new RegExp(
    `^libtensorflow-\\d+\\.\\d+\\.\\d+-${process.platform}-${process.arch}-(cpu|gpu)$`,
  );
  const folders = listFolder(root)
    .filter((name) => entry.test(name))
    .sort(newestFirst);
  const isCuda = (name: string) => name.endsWith('-gpu');
  const sorted = [
    ...folders.filter((f) => isCuda(f) === cudaFirst),
    ...folders.filter((f) => isCuda(f) !== cudaFirst),
  ];
  for (const name of sorted) {
    const library = libraryIn(path.join(root, name), 'cache');
    if (library !== undefined) yield library;
  }
}

/** The library that tfjs-node's install script fetched, in the user's project or beside this package. */
function* ofTfjsNode(cwd: string, cudaFirst: boolean): Generator<Library> {
  const packages = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
  if (cudaFirst) packages.reverse();
  for (const name of packages) {
    for (const from of [path.join(cwd, 'package.json'), fileURLToPath(import.meta.url)]) {
      let manifest: string;
      try {
        manifest = createRequire(from).resolve(`${name}/package.json`);
      } catch {
        continue;
      }
      const library = libraryIn(path.join(path.dirname(manifest), 'deps', 'lib'), 'tfjs-node');
      if (library !== undefined) yield library;
    }
  }
}

function* ofPython(env: NodeJS.ProcessEnv, cwd: string): Generator<Library> {
  for (const folder of pythonPackageFolders(env, cwd)) {
    const library = libraryIn(path.join(folder, 'tensorflow'), 'python');
    if (library !== undefined) yield library;
  }
}

/**
 * Finds every libtensorflow, best first: at the explicit path and then nowhere else; else in our cache, in an
 * installed tfjs-node or tfjs-node-gpu, in a Python environment with TensorFlow (`$VIRTUAL_ENV`, `$CONDA_PREFIX`,
 * `./.venv`, `python3` on the path). Loads and changes nothing, and takes a few milliseconds unless it comes to
 * asking Python.
 *
 * @throws LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE for an explicit path that is missing or wrong: it is never skipped
 */
export function* findLibraries(options: FindLibraryOptions = {}): Generator<Library> {
  const { variant = 'any', env = process.env, cwd = process.cwd() } = options;
  const given = options.path ?? env.CNN_LIBTENSORFLOW;
  if (given) {
    yield explicitLibrary(path.resolve(cwd, given));
    return;
  }
  const cudaFirst = variant === 'gpu' || (variant === 'any' && hasNvidiaDriver());
  const places = [() => cached(env, cudaFirst), () => ofTfjsNode(cwd, cudaFirst), () => ofPython(env, cwd)];
  for (const place of places) {
    for (const library of place()) {
      if (variant !== 'gpu' || library.variant === 'gpu') yield library;
    }
  }
}

/**
 * The first that `findLibraries` finds, or undefined.
 *
 * @throws LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE for an explicit path that is missing or wrong
 * @example
 * const library = findLibrary({ variant: 'gpu' });
 */
export function findLibrary(options: FindLibraryOptions = {}): Library | undefined {
  for (const library of findLibraries(options)) return library;
  return undefined;
}

/** The library that lies in a folder which `cnn setup` filled, or undefined where it is not complete. */
export function cachedLibrary(folder: string): Library | undefined {
  return libraryIn(folder, 'cache');
}
