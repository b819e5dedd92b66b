// From a fresh clone to a trained digit classifier: npm run quickstart
//
// Installs what is missing, builds, obtains TensorFlow's library, trains the MLP on MNIST and scores it. Where the
// library is not to be had (no pip, no network, no build for this machine), the WebAssembly fallback trains for fewer
// epochs.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const NATIVE_EPOCHS = 5;
/** An epoch takes about a minute there. */
const FALLBACK_EPOCHS = 2;
/** Five epochs reach 98 %, two 97.4 %. */
const MIN_ACCURACY = '0.97';

function run(command, ...args) {
  console.log(`\n> ${[command === process.execPath ? 'node' : command, ...args].join(' ')}`);
  const { status, signal } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (signal !== null || status === 130 || status === 143) process.exit(status ?? 1);
  return status;
}

function cnn(...args) {
  return run(process.execPath, 'dist/bundle/cnn.js', ...args);
}

function must(status) {
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled() {
  const installed = 'node_modules/.package-lock.json';
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
}

if (!isInstalled()) must(run('npm', 'ci'));
must(run('npm', 'run', 'build'));

const isNative = cnn('doctor') === 0 || (cnn('setup') === 0 && cnn('doctor') === 0);
if (!isNative) {
  console.log(
    `\nTensorFlow's library is not to be had here, for the reason above. Training goes on without it, on WebAssembly,
for ${FALLBACK_EPOCHS} epochs instead of ${NATIVE_EPOCHS}.`,
  );
  // So that the commands below don't try to install it once more.
  process.env.CNN_BACKEND = 'wasm';
}
must(cnn('train', '--model', 'mlp', '--epochs', String(isNative ? NATIVE_EPOCHS : FALLBACK_EPOCHS)));
process.exitCode = cnn('evaluate', '--confusion', '--min-accuracy', MIN_ACCURACY);
