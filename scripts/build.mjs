// Writes the generated lists of plugins, type-checks and compiles with tsc, then bundles TensorFlow.js,
// and copies the page of `cnn serve`.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('scripts/generate.mjs');
run(path.join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
run('scripts/bundle.mjs');
run('scripts/bundle-package.mjs');
cpSync('src/serve/page', 'dist/src/serve/page', { recursive: true });
