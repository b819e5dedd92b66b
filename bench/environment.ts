/** What the peers need beside our own packages: Python environments and tfjs-node's addon, made on first use. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Either a usable thing or, in words, why there is none. */
export type Found = { readonly path: string } | { readonly missing: string };

/** Packages by the set that a peer names; each set is installed alone, so that one that fails stops no other. */
const packages = {
  'keras-tensorflow': [
    'keras==3.15.1',
    process.platform === 'linux' ? 'tensorflow-cpu==2.21.0' : 'tensorflow==2.21.0',
  ],
  'keras-jax': ['keras==3.15.1', 'jax==0.10.2'],
  torch: ['numpy', 'torch==2.15.0'],
  numpy: ['numpy==2.4.6'],
  pandas: ['pandas==3.1.1'],
} as const;
export type PackageSet = keyof typeof packages;

const imports: Record<PackageSet, string> = {
  'keras-tensorflow': 'import h5py, tensorflow',
  'keras-jax': 'import h5py, jax',
  torch: 'import numpy, torch',
  numpy: 'import numpy',
  pandas: 'import pandas',
};

/** Of what a failed command wrote, the line that says why: the last one with an error in it, else the last. */
export function reason(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
}

function attempt(program: string, args: readonly string[]): { ok: boolean; error: string } {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { ok: status === 0, error: error?.message ?? reason(stderr) };
}

/** A Python that TensorFlow has wheels for. */
function findPython(): string | undefined {
  const check = 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))';
  return ['python3.12', 'python3.11', 'python3.13', 'python3'].find(
    (name) => attempt(name, ['-c', check]).ok,
  );
}

/** The interpreter of `.venv` with one set of packages in it, made and filled where need be. */
export function pythonWith(set: PackageSet, root: string, say: (line: string) => void): Found {
  const folder = path.join(root, '.venv');
  const python = path.join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    const base = findPython();
    if (base === undefined) return { missing: 'no Python from 3.11 to 3.13' };
    say(`making ${folder}`);
    const made = attempt(base, ['-m', 'venv', folder]);
    if (!made.ok) return { missing: `python -m venv: ${made.error}` };
  }
  const stamp = path.join(folder, `${set}.installed`);
  const wanted = packages[set].join(' ');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { path: python };
  say(`installing ${wanted}`);
  const installed = attempt(python, ['-m', 'pip', 'install', '--quiet', ...packages[set]]);
  if (!installed.ok) return { missing: `pip: ${installed.error}` };
  writeFileSync(stamp, wanted);
  return { path: python };
}

/** An interpreter that the user named, if it has the packages. */
export function givenPython(set: PackageSet, python: string): Found {
  const { ok, error } = attempt(python, ['-c', imports[set]]);
  return ok ? { path: python } : { missing: error };
}

/** The folder with the stock tfjs-node and its addon. */
export async function stockAddon(root: string): Promise<Found> {
  const script = pathToFileURL(path.join(root, 'scripts', 'build-addon.mjs')).href;
  const out = path.join(root, '.addon');
  try {
    const { buildAddon } = (await import(script)) as {
      buildAddon(options: { out: string }): Promise<string>;
    };
    await buildAddon({ out });
    return { path: out };
  } catch (error) {
    return { missing: reason((error as Error).message) };
  }
}
