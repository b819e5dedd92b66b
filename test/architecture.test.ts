import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

/**
 * Who may import whom: a folder imports from its own layer only itself, and else from layers below. Modules at the
 * top of src/ (errors, shapes, names) are below everything, index.ts above.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['.'],
  ['runtime'],
  ['ops', 'datasets'],
  ['session'],
  ['initializers', 'regularizers', 'activations', 'losses', 'optimizers'],
  ['metrics'],
  ['layers'],
  ['saving', 'callbacks'],
  ['profile'],
  ['models'],
  ['insight', 'report'],
  ['serve'],
  ['cli'],
  ['index.ts'],
];

/** Packages that only one folder may know. */
const OWNED: Readonly<Record<string, string>> = {
  koffi: 'runtime',
  '@tensorflow/tfjs-node': 'runtime',
  '@tensorflow/tfjs-node-gpu': 'runtime',
  '@tensorflow/tfjs-backend-cpu': 'runtime',
  '@tensorflow/tfjs-backend-wasm': 'runtime',
  commander: 'cli',
  sharp: '.',
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

function folderOf(file: string): string {
  if (file === 'index.ts') return file;
  return file.includes(path.sep) ? file.split(path.sep)[0]! : '.';
}

function importsOf(file: string): { specifier: string; isType: boolean }[] {
  const text = readFileSync(path.join('src', file), 'utf8');
  const pattern =
    /^(import|export)\s+(type\s)?(?:[^'"()]*?\sfrom\s)?['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    specifier: match[3] ?? match[4]!,
    isType: match[2] !== undefined,
  }));
}

describe('architecture', () => {
  it('nothing imports upwards', () => {
    const rank = new Map(LAYERS.flatMap((folders, i) => folders.map((folder) => [folder, i])));
    const wrong: string[] = [];
    for (const file of files) {
      const from = folderOf(file);
      for (const { specifier, isType } of importsOf(file)) {
        if (!specifier.startsWith('.') || isType) continue;
        const to = folderOf(path.normalize(path.join(path.dirname(file), specifier.replace(/\.js$/, '.ts'))));
        const isAllowed = from === to || rank.get(to)! < rank.get(from)!;
        if (!isAllowed) wrong.push(`${file} imports ${specifier}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('every folder has its place in the order', () => {
    const known = new Set(LAYERS.flat());
    assert.deepEqual(
      [...new Set(files.map(folderOf))].filter((folder) => !known.has(folder)),
      [],
    );
  });

  it('only its own folder knows a package', () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const { specifier, isType } of importsOf(file)) {
        const owner = OWNED[specifier];
        if (owner !== undefined && folderOf(file) !== owner && !isType)
          wrong.push(`${file} imports ${specifier}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});
