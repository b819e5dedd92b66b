// Packs the package, installs it in an empty folder as users do, with install scripts blocked and allowed, and
// uses it there: the program of ten lines, the types, the command.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROGRAM = `
import { datasets, layers, Sequential } from 'cnn-node';
const { train, test } = await datasets.mnist.load();
const model = new Sequential([
  layers.flatten({ inputShape: [28, 28] }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train, { batchSize: 128, verbose: 0 });
const { accuracy } = await model.evaluate(test, { verbose: 0 });
if (!(accuracy > 0.85)) throw new Error(\`accuracy \${accuracy}\`);
`;

const run = (command, args, cwd, env = {}) =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
const root = process.cwd();
const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-package-'));
try {
  const [{ filename, size, unpackedSize }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], root),
  );
  console.log(
    `packed ${filename}: ${(size / 1e6).toFixed(2)} MB, ${(unpackedSize / 1e6).toFixed(2)} MB unpacked`,
  );
  for (const scripts of ['--ignore-scripts', '--ignore-scripts=false']) {
    const place = mkdtempSync(path.join(folder, 'user-'));
    writeFileSync(path.join(place, 'package.json'), '{ "type": "module", "private": true }');
    writeFileSync(path.join(place, 'program.mjs'), PROGRAM);
    writeFileSync(path.join(place, 'program.ts'), PROGRAM);
    run('npm', ['install', scripts, '--no-audit', '--no-fund', path.join(folder, filename)], place);
    run(process.execPath, ['program.mjs'], place);
    run(process.execPath, ['program.mjs'], place, { CNN_BACKEND: 'wasm' });
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    run(process.execPath, [tsc, ...strict, '--skipLibCheck', 'program.ts'], place);
    const cnn = (...args) => run(path.join(place, 'node_modules/.bin/cnn'), args, place);
    const version = cnn('--version').trim();
    cnn('show', '0', '--part', 'test', '--png', 'digit.png');
    const predicted = cnn('predict', 'digit.png', '--quiet');
    if (!predicted.startsWith('digit.png: 7 ')) throw new Error(predicted);
    // sharp is optional: what needs it says so, the rest goes on without.
    rmSync(path.join(place, 'node_modules/sharp'), { recursive: true });
    const { stdout } = spawnSync(
      path.join(place, 'node_modules/.bin/cnn'),
      ['predict', 'digit.png', '--json'],
      {
        cwd: place,
        encoding: 'utf8',
      },
    );
    if (JSON.parse(stdout).code !== 'UNSUPPORTED') throw new Error(stdout);
    cnn('show', '0');
    console.log(
      `npm install ${scripts}: program, also on WebAssembly, types and commands (cnn ${version}) work`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
