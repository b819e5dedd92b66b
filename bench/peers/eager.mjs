// Microseconds of one small op, called eagerly: on this package, or with --addon on the stock addon of tfjs-node.
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { addon: { type: 'string' }, calls: { type: 'string' } } });
const calls = Number(values.calls);
const ROUNDS = 5;

async function ourTensorFlow() {
  const { ready, tf } = await import('../../dist/bundle/index.js');
  await ready();
  return tf;
}

const tf =
  values.addon === undefined
    ? await ourTensorFlow()
    : createRequire(path.resolve(values.addon, 'peer.cjs'))('@tensorflow/tfjs-node');
const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const index = tf.tensor1d([1, 0], 'int32');
const image = tf.ones([1, 4, 4, 1]);
const filter = tf.ones([2, 2, 1, 1]);
const ops = {
  add: () => tf.add(x, x),
  relu: () => tf.relu(x),
  matMul: () => tf.matMul(x, x),
  sum: () => tf.sum(x, 1),
  reshape: () => tf.reshape(x, [4]),
  transpose: () => tf.transpose(x),
  concat: () => tf.concat([x, x], 1),
  slice: () => tf.slice(x, [0, 1], [2, 1]),
  gather: () => tf.gather(x, index),
  conv2d: () => tf.conv2d(image, filter, 1, 'same'),
  'values in': () => tf.tidy(() => tf.add(tf.scalar(1), x)),
  'values out': () => {
    const sum = tf.add(x, x);
    sum.dataSync();
    return sum;
  },
};

// The fastest of some rounds: what the op costs where nothing else disturbs it.
const microseconds = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, op] of Object.entries(ops)) {
    const started = performance.now();
    for (let i = 0; i < calls; i++) op().dispose();
    const each = ((performance.now() - started) / calls) * 1000;
    microseconds[name] = Math.min(microseconds[name] ?? Infinity, each);
  }
}
process.stdout.write(`${JSON.stringify(microseconds)}\n`);
