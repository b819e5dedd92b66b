// Measures which part of training the callback Insight takes at its default interval, in time and in processor time:
//   npm run build && node dist/test/insight/cost.js [mlp|cnn|softmax] [epochs] [samples]
import { mnist } from '../../src/datasets/index.js';
import { Insight } from '../../src/insight/index.js';
import { type ZooName, zoo } from '../../src/models/zoo/index.js';
import { ready } from '../../src/runtime/backend.js';

const [name = 'mlp', epochs = '5', samples = '55000'] = process.argv.slice(2);

/** Seconds of time and of processor time since the beginning. */
function clock(): [time: number, cpu: number] {
  const { user, system } = process.cpuUsage();
  return [performance.now() / 1000, (user + system) / 1e6];
}

/** Insight with a watch. */
class Timed extends Insight {
  readonly spent = [0, 0];

  override onTrainBegin(...args: Parameters<Insight['onTrainBegin']>) {
    return this.timed(() => super.onTrainBegin(...args));
  }

  override onEpochEnd(...args: Parameters<Insight['onEpochEnd']>) {
    return this.timed(() => super.onEpochEnd(...args));
  }

  private async timed(body: () => Promise<void>): Promise<void> {
    const began = clock();
    await body();
    for (const [i, now] of clock().entries()) this.spent[i]! += now - began[i]!;
  }
}

await ready();
const { train } = await mnist.load();
const data = train.slice(0, Number(samples));
const model = zoo[name as ZooName]({});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const insight = new Timed();
const began = clock();
await model.fit(data, { batchSize: 128, epochs: Number(epochs), verbose: 0, seed: 1, callbacks: [insight] });
for (const [i, now] of clock().entries()) {
  const rest = now - began[i]! - insight.spent[i]!;
  const share = (100 * insight.spent[i]!) / rest;
  console.log(
    `${name}, ${data.size} samples, ${epochs} epochs: ${['time', 'processor time'][i]} ${rest.toFixed(2)} s, Insight ${insight.spent[i]!.toFixed(2)} s more: ${share.toFixed(1)} %`,
  );
}
