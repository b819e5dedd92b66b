// What the peers in Node share: arguments, MNIST from IDX files, and the one JSON line that they print.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const BATCH = 128;

export function parseArguments(more = {}) {
  const { values } = parseArgs({
    options: {
      workload: { type: 'string' },
      epochs: { type: 'string' },
      data: { type: 'string' },
      samples: { type: 'string', default: '55000' },
      ...more,
    },
  });
  // From command to score is the MLP too; whoever starts this process takes the time.
  const model = values.workload === 'process' ? 'mlp' : values.workload;
  return { ...values, model, epochs: Number(values.epochs), samples: Number(values.samples) };
}

/** Images as bytes, 784 a digit, and labels. */
export function readMnist(folder, part) {
  const read = (name, header) => new Uint8Array(readFileSync(path.join(folder, name))).subarray(header);
  return { images: read(`${part}-images-idx3-ubyte`, 16), labels: read(`${part}-labels-idx1-ubyte`, 8) };
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

export function report(peer, versions, args, epochs, testAccuracy) {
  const result = {
    peer,
    versions: { node: process.versions.node, ...versions },
    workload: args.workload,
    epochs: epochs.done,
    firstEpochSeconds: epochs.done[0].seconds,
    testAccuracy,
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(
    `${JSON.stringify(result, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(6)) : v))}\n`,
  );
}
