// Bundles what users run, the command `cnn` and the package's module, into a few files of dist/bundle: several hundred
// modules take a third of a second to load. What they share is in chunks, so that there is one copy of it in a process.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const outdir = path.resolve('dist/bundle');

/** Modules find files (children, wasm, package.json) from where they are; in the bundle they still say where that was. */
const whereItWas = {
  name: 'where-it-was',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]dist[/\\]src[/\\].*\.js$/ }, async ({ path: file }) => {
      const specifier = JSON.stringify(path.relative(outdir, file).replaceAll(path.sep, '/'));
      const text = await readFile(file, 'utf8');
      return {
        contents: text.replaceAll('import.meta.url', `new URL(${specifier}, import.meta.url).href`),
        loader: 'js',
      };
    });
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { index: 'dist/src/index.js', cnn: 'dist/src/cli/main.js' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // Names of classes and functions stand in messages and files.
  keepNames: true,
  logLevel: 'warning',
  plugins: [whereItWas],
});
