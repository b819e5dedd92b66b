// What the peers in Node share: arguments, images from IDX files, time, and the one JSON line that they print.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';

export function parseArguments(more = {}) {
  const { values } = parseArgs({
    options: {
      workload: { type: 'string' },
      task: { type: 'string' },
      model: { type: 'string' },
      batch: { type: 'string' },
      precision: { type: 'string', default: 'float32' },
      epochs: { type: 'string' },
      samples: { type: 'string' },
      data: { type: 'string' },
      ...more,
    },
  });
  const [batch, epochs, samples] = [values.batch, values.epochs, values.samples].map(Number);
  return { ...values, batch, epochs, samples };
}

/** Images as bytes with the shape of one, and labels. */
export function readImages(folder, part) {
  const read = (name) => {
    const bytes = readFileSync(path.join(folder, name));
    const dims = Array.from({ length: bytes[3] }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
    return { dims, values: new Uint8Array(bytes.subarray(4 + 4 * dims.length)) };
  };
  const images = read(`${part}-images-idx3-ubyte`);
  return {
    images: images.values,
    shape: images.dims.slice(1),
    labels: read(`${part}-labels-idx1-ubyte`).values,
  };
}

/** Takes the time of each epoch. */
export class Epochs {
  done = [];
  begin() {
    this.started = performance.now();
  }
  end(loss, accuracy) {
    this.done.push({ seconds: (performance.now() - this.started) / 1000, loss, accuracy });
  }
}

const WARM_UP_MILLISECONDS = 3000;
const CALLS = 5000;

/**
 * What predictions cost, in microseconds.
 *
 * @param one predicts one sample and gives its scores @param many predicts all samples @param count how many these are
 */
export async function measurePredictions(one, many, count) {
  const scores = one();
  const sum = scores.reduce((total, score) => total + score, 0);
  if (Math.abs(sum - 1) > 1e-4) throw new Error(`the scores of a sample add up to ${sum}`);
  for (const end = performance.now() + WARM_UP_MILLISECONDS; performance.now() < end; await turn()) one();
  const times = Float64Array.from({ length: CALLS }, () => {
    const began = performance.now();
    one();
    return (performance.now() - began) * 1000;
  }).sort();
  await many();
  const whole = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await many();
    whole.push((performance.now() - began) * 1000);
  }
  return {
    'one sample, p50 (us)': times[CALLS * 0.5],
    'one sample, p99 (us)': times[CALLS * 0.99],
    'at 1,024, each (us)': whole.sort((a, b) => a - b)[2] / count,
  };
}

const LOADS = 5;
const ENOUGH_SECONDS = 5;

/** The middle of five, or of as many as take some seconds together; in seconds. */
export async function measureLoading(load) {
  const times = [];
  for (let sum = 0; times.length < LOADS && sum < ENOUGH_SECONDS; sum += times.at(-1)) {
    const began = performance.now();
    await load();
    times.push((performance.now() - began) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** @param what `{ epochs, testAccuracy }` or `{ measures }` */
export function report(peer, versions, args, what) {
  const result = {
    peer,
    versions: { node: process.versions.node, ...versions },
    workload: args.workload,
    ...what,
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(
    `${JSON.stringify(result, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(6)) : v))}\n`,
  );
}
