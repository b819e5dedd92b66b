/**
 * `npm run build && node dist/bench/precision.js [--models mlp,cnn] [--seeds 5] [--epochs N]`: test accuracy and time of
 * the zoo's models in float32 and in mixed_bfloat16, from the same seeds. The promise: the means differ by at most 0.1
 * points.
 */
import { parseArgs } from 'node:util';
import { datasets, optimizers, schedules, setRandomSeed } from '../src/index.js';
import { recipes, type ZooName, zoo } from '../src/models/zoo/index.js';
import { PRECISIONS, type Precision } from '../src/ops/precision.js';
import { findClass } from '../src/registry.js';
import { unknownName } from '../src/suggest.js';

const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: 'mlp,cnn' },
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string' },
  },
});

interface Outcome {
  /** On the test set, in percent. */
  readonly accuracy: number;
  readonly seconds: number;
}

async function trainOnce(name: ZooName, precision: Precision, seed: number): Promise<Outcome> {
  const { train, test } = await datasets.mnist.load();
  const recipe = recipes[name];
  const epochs = Number(options.epochs ?? recipe.epochs);
  setRandomSeed(seed);
  const model = zoo[name]({ inputShape: [28, 28], classes: 10 });
  const decaySteps = Math.ceil(train.size / recipe.batchSize) * epochs;
  const learningRate = schedules.cosineDecay({ initialLearningRate: recipe.learningRate, decaySteps });
  model.compile({
    optimizer: new (findClass('optimizer', optimizers.classes, recipe.optimizer))({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    precision,
  });
  const began = performance.now();
  await model.fit(train, { batchSize: recipe.batchSize, epochs, verbose: 0, seed });
  const seconds = (performance.now() - began) / 1000;
  const { accuracy } = await model.evaluate(test, { batchSize: 1000, verbose: 0 });
  model.dispose();
  return { accuracy: 100 * accuracy!, seconds };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const name of options.models.split(',') as ZooName[]) {
  if (!(name in zoo)) throw unknownName('model', name, Object.keys(zoo));
  const outcomes: Record<Precision, Outcome[]> = { float32: [], mixed_bfloat16: [] };
  for (let seed = 1; seed <= Number(options.seeds); seed++) {
    for (const precision of PRECISIONS) {
      const outcome = await trainOnce(name, precision, seed);
      outcomes[precision].push(outcome);
      const { accuracy, seconds } = outcome;
      console.log(`${name} ${precision}, seed ${seed}: ${accuracy.toFixed(2)} %, ${seconds.toFixed(1)} s`);
    }
  }
  const means = PRECISIONS.map((precision) => mean(outcomes[precision].map(({ accuracy }) => accuracy)));
  const times = PRECISIONS.map((precision) => mean(outcomes[precision].map(({ seconds }) => seconds)));
  console.log(
    `${name}: float32 ${means[0]!.toFixed(3)} %, mixed_bfloat16 ${means[1]!.toFixed(3)} %: ${(means[1]! - means[0]!).toFixed(3)} points; time ${(times[1]! / times[0]!).toFixed(2)} times`,
  );
}
