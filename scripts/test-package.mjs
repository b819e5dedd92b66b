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

/** As an editor and a compiler see the package: names offered, options checked, numbers back. */
const TYPED = `
import { callbacks, type CnnError, datasets, type History, layers, optimizers, Sequential } from 'cnn-node';
const model: Sequential = new Sequential();
model.add(layers.dense({ units: 4, activation: 'relu', inputShape: [3], kernelRegularizer: 'l2' }));
model.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'mse', metrics: ['meanAbsoluteError'] });
const data: datasets.Dataset = datasets.Dataset.from([[1, 2, 3]], [[1, 2, 3, 4]]);
const history: History = await model.fit(data, { epochs: 2, callbacks: [callbacks.earlyStopping()] });
const last: number | undefined = history.history.loss?.at(-1);
const { loss } = await model.evaluate([[1, 2, 3]], [[1, 2, 3, 4]], { batchSize: 1 });
const sum: number = loss! + (last ?? 0);
export const isAborted = (error: CnnError) => error.code === 'ABORTED' && sum > 0;
// @ts-expect-error: no such option
layers.dense({ unit: 4 });
// @ts-expect-error: no such option
void model.fit(data, { epoch: 2 });
// @ts-expect-error: no such code
export const never = (error: CnnError) => error.code === 'ABORT';
`;
/** How programs import: as Node does, and as bundlers do. */
const RESOLUTIONS = [
  ['--module', 'node16'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];

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
    writeFileSync(path.join(place, 'typed.ts'), TYPED);
    run('npm', ['install', scripts, '--no-audit', '--no-fund', path.join(folder, filename)], place);
    run(process.execPath, ['program.mjs'], place);
    run(process.execPath, ['program.mjs'], place, { CNN_BACKEND: 'wasm' });
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', '', '--skipLibCheck'];
    for (const resolution of RESOLUTIONS) {
      run(process.execPath, [tsc, ...strict, ...resolution, 'program.ts', 'typed.ts'], place);
    }
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
    cnn('train', '--model', 'softmax', '--epochs', '1', '--quiet');
    cnn('evaluate', '--min-accuracy', '0.85', '--quiet');
    console.log(
      `npm install ${scripts}: program, also on WebAssembly, types and commands (cnn ${version}) work`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
