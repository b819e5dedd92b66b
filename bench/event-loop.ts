/**
 * `npm run build && node dist/bench/event-loop.js [--models mlp,cnn] [--samples N] [--epochs N]`: how late a timer of
 * 5 ms comes while models are trained, scored, used and saved. The promise: 99 of 100 ticks less than 60 ms late. What
 * other processes take from this one is not counted.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { callbacks, datasets, optimizers, ready } from '../src/index.js';
import { recipes, type ZooName, zoo } from '../src/models/zoo/index.js';
import { unknownName } from '../src/suggest.js';

const TICK = 5;
const LATE = 60;

const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: Object.keys(zoo).join(',') },
    samples: { type: 'string', default: '55000' },
    epochs: { type: 'string', default: '2' },
  },
});

interface Lateness {
  readonly ticks: number;
  readonly inTime: number;
  readonly median: number;
  readonly worst: number;
}

/** Milliseconds that this thread has waited for a processor which others used, where the system tells (Linux). */
function waited(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** How late a timer's ticks come while `work` is under way; each is due a tick after the one before. */
async function lateness(work: () => Promise<unknown>): Promise<Lateness> {
  const late: number[] = [];
  const clock = () => performance.now() - waited();
  let last = clock();
  const tick = () => {
    const now = clock();
    late.push(Math.max(0, now - last - TICK));
    last = now;
  };
  const timer = setInterval(tick, TICK);
  try {
    await work();
  } finally {
    clearInterval(timer);
    // What blocked at the very end kept the last tick from coming at all.
    tick();
  }
  late.sort((a, b) => a - b);
  return {
    ticks: late.length,
    inTime: late.filter((ms) => ms < LATE).length / late.length,
    median: late[Math.floor(late.length / 2)]!,
    worst: late.at(-1)!,
  };
}

async function measure(name: string, work: () => Promise<unknown>): Promise<boolean> {
  const { ticks, inTime, median, worst } = await lateness(work);
  const share = `${(100 * inTime).toFixed(2)} %`.padStart(8);
  const times = `median ${median.toFixed(1)} ms, worst ${worst.toFixed(0)} ms late`;
  console.log(`${name.padEnd(18)} ${String(ticks).padStart(6)} ticks ${share} in time; ${times}`);
  return inTime >= 0.99;
}

const models = options.models.split(',').map((name) => {
  if (!(name in zoo)) throw unknownName('model', name, Object.keys(zoo));
  return name as ZooName;
});
const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-event-loop-'));
try {
  // Starting TensorFlow takes a moment in which nothing else can run; programs that mind call ready() before.
  await ready();
  let kept = true;
  const note = async (name: string, work: () => Promise<unknown>) => {
    kept = (await measure(name, work)) && kept;
  };
  let data!: datasets.Splits;
  await note('load', async () => {
    data = await datasets.mnist.load();
  });
  const train = data.train.slice(0, Number(options.samples));
  for (const name of models) {
    const { learningRate, batchSize } = recipes[name];
    const model = zoo[name]();
    model.compile({
      optimizer: name === 'softmax' ? optimizers.sgd({ learningRate }) : optimizers.adam({ learningRate }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const fit = (more = {}) =>
      model.fit(train, { batchSize, epochs: Number(options.epochs), verbose: 0, ...more });
    await note(`${name}: first fit`, () => fit({ validationData: data.validation }));
    await note(`${name}: fit`, () => fit({ validationData: data.validation }));
    const filepath = path.join(folder, `${name}-{epoch}.keras`);
    await note(`${name}: checkpoints`, () => fit({ callbacks: [callbacks.modelCheckpoint({ filepath })] }));
    await note(`${name}: evaluate`, () => model.evaluate(data.test, { verbose: 0 }));
    await note(`${name}: predict`, () => model.predict(data.test.x));
    await note(`${name}: save`, () => model.save(path.join(folder, `${name}.keras`)));
    model.dispose();
  }
  process.exitCode = kept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
