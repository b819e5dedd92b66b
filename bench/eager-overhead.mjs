// Time of one eager op on tiny tensors, which is nearly all overhead: through koffi, and through tfjs-node's own addon
// built against the same library. `node bench/eager-overhead.mjs [ROUNDS]`; build first.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const MILLISECONDS_PER_OP = 150;

const [mode] = process.argv.slice(2);
if (mode === 'cnn-node' || mode === 'addon') measure(await peer(mode));
else await compare(Number(mode ?? 5));

/** tfjs on one of the two bindings. */
async function peer(name) {
  if (name === 'addon') {
    const { buildAddon } = await import('../scripts/build-addon.mjs');
    return createRequire(import.meta.url)(await buildAddon());
  }
  const { ready } = await import('../dist/src/runtime/backend.js');
  await ready();
  return import('../dist/src/tf.js');
}

function operations(tf) {
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const y = tf.tensor2d([5, 6, 7, 8], [2, 2]);
  const image = tf.ones([1, 4, 4, 1]);
  const filter = tf.ones([2, 2, 1, 1]);
  const index = tf.tensor1d([1, 0], 'int32');
  return {
    add: () => tf.add(x, y),
    relu: () => tf.relu(x),
    matMul: () => tf.matMul(x, y),
    sum: () => tf.sum(x, 1),
    reshape: () => tf.reshape(x, [4]),
    transpose: () => tf.transpose(x),
    concat: () => tf.concat([x, y], 1),
    slice: () => tf.slice(x, [0, 1], [2, 1]),
    gather: () => tf.gather(x, index),
    conv2d: () => tf.conv2d(image, filter, 1, 'same'),
    'tensor from values': () => tf.add(tf.scalar(1), x),
    'read values': () => {
      const sum = tf.add(x, y);
      sum.dataSync();
      return sum;
    },
  };
}

function measure(tf) {
  const results = {};
  for (const [name, run] of Object.entries(operations(tf))) {
    const batch = (count) => {
      const start = process.hrtime.bigint();
      for (let i = 0; i < count; i++) tf.tidy(() => void run());
      return Number(process.hrtime.bigint() - start) / 1000;
    };
    batch(2000);
    const batches = [];
    const end = Date.now() + MILLISECONDS_PER_OP;
    while (Date.now() < end) batches.push(batch(200) / 200);
    // The quickest batch: what else runs on the machine only ever adds.
    results[name] = Math.min(...batches);
  }
  console.log(JSON.stringify(results));
}

async function compare(rounds) {
  const { CannotBuild, buildAddon } = await import('../scripts/build-addon.mjs');
  try {
    await buildAddon();
  } catch (error) {
    if (!(error instanceof CannotBuild)) throw error;
    console.error(`The addon cannot be built here: ${error.message}`);
    process.exit(1);
  }
  const times = { 'cnn-node': [], addon: [] };
  for (let i = 0; i < rounds; i++) for (const name of Object.keys(times)) times[name].push(child(name));
  console.log('microseconds per op      cnn-node   addon   ratio');
  const ratios = [];
  for (const op of Object.keys(times.addon[0])) {
    const [ours, stock] = ['cnn-node', 'addon'].map((name) => median(times[name].map((round) => round[op])));
    ratios.push(ours / stock);
    console.log(`${op.padEnd(24)} ${fixed(ours, 8)} ${fixed(stock, 7)} ${fixed(ours / stock, 7)}`);
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`${'geometric mean'.padEnd(24)} ${' '.repeat(16)} ${fixed(mean, 7)}`);
}

function child(name) {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function fixed(value, width) {
  return value.toFixed(2).padStart(width);
}
