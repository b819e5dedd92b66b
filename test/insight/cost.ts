// Measures which part of training the callback Insight takes at its default interval, in time and in processor time:
// pairs of trainings with and without it, each in a process of its own, the order changing from pair to pair.
//   npm run build && node dist/test/insight/cost.js [mlp|cnn|softmax] [epochs] [samples] [pairs]
import { execFileSync } from 'node:child_process';
import { mnist } from '../../src/datasets/index.js';
import { Insight } from '../../src/insight/index.js';
import { type ZooName, zoo } from '../../src/models/zoo/index.js';
import { ready } from '../../src/runtime/backend.js';

/** Seconds of time and of processor time. */
type Cost = [time: number, processor: number];

const [name = 'mlp', epochs = '5', samples = '55000', pairs = '7', how] = process.argv.slice(2);
if (how === undefined) comparePairs();
else process.stdout.write(JSON.stringify(await costOfTraining(how === 'watched')));

async function costOfTraining(isWatched: boolean): Promise<Cost> {
  await ready();
  const { train } = await mnist.load();
  const data = train.slice(0, Number(samples));
  const model = zoo[name as ZooName]({});
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const callbacks = isWatched ? [new Insight({ onFinding() {} })] : [];
  const began = performance.now();
  const before = process.cpuUsage();
  await model.fit(data, { batchSize: 128, epochs: Number(epochs), verbose: 0, seed: 1, callbacks });
  const { user, system } = process.cpuUsage(before);
  return [(performance.now() - began) / 1000, (user + system) / 1e6];
}

function comparePairs(): void {
  const costs = { alone: [] as Cost[], watched: [] as Cost[] };
  for (let pair = 0; pair < Number(pairs); pair++) {
    const order = ['alone', 'watched'] as const;
    for (const one of pair % 2 === 0 ? order : order.toReversed()) {
      const args = [process.argv[1]!, name, epochs, samples, pairs, one];
      costs[one].push(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Cost);
    }
  }
  for (const [i, what] of ['time', 'processor time'].entries()) {
    const alone = costs.alone.map((cost) => cost[i]!);
    const more = costs.watched.map((cost, pair) => cost[i]! - alone[pair]!);
    const share = more.map((seconds, pair) => (100 * seconds) / alone[pair]!);
    console.log(
      `${name}, ${samples} samples, ${epochs} epochs, ${pairs} pairs: ${what} ${median(alone).toFixed(2)} s, Insight ${median(more).toFixed(2)} s more: ${median(share).toFixed(1)} % (${share.map((one) => one.toFixed(1)).join(', ')})`,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
