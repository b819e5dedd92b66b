// Runs the compiled tests on other versions of Node: `npm run test:node -- 20 26 [-- WORD ...]`.
// The binaries come from the npm packages node-<platform>-<arch>, into .nodes/ (ignored by git).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const args = process.argv.slice(2);
const at = args.indexOf('--');
const versions = at < 0 ? args : args.slice(0, at);
const words = at < 0 ? [] : args.slice(at + 1);
const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;

function run(command, commandArgs) {
  const { status } = spawnSync(command, commandArgs, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (versions.length === 0) {
  console.error('name one version of Node or more: npm run test:node -- 20 26');
  process.exit(2);
}
for (const version of versions) {
  const folder = path.resolve('.nodes', version);
  const binary = path.join(
    folder,
    'node_modules',
    packageName,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${packageName}@${version}`]);
  }
  run(binary, ['scripts/test.mjs', ...words]);
}
