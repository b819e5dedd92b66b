/**
 * Makes models FROM..TO of random layers, options, data and calls, many of them wrong. What runs now is in FILE, so that
 * the parent can name the case that killed this process. Prints what came of them as JSON.
 */
import { openSync, writeSync } from 'node:fs';
import { CnnError } from '../../../src/errors.js';
import { classes } from '../../../src/layers/index.js';
import { classes as losses } from '../../../src/losses/index.js';
import { classes as metrics } from '../../../src/metrics/index.js';
import { Sequential } from '../../../src/models/sequential.js';
import { classes as optimizers } from '../../../src/optimizers/index.js';
import { ready, setDevice } from '../../../src/runtime/backend.js';
import * as tf from '../../../src/tf.js';
import { SAMPLES } from '../../layers/samples.js';
import { Draw } from '../../runtime/invalid-ops/mutate.js';

export interface Outcome {
  calls: number;
  errors: number;
  /** Calls that failed with something else than a coded error. */
  uncoded: string[];
}

type Options = Record<string, unknown>;

/** What no option, shape or argument is; sizes that only fill the memory are left out. */
const STRANGE: readonly unknown[] = [
  ...[null, undefined, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, -0, 0.5, 1, 2, 3, 1e21, -(2 ** 31)],
  ...['', 'relu', 'no such', '__proto__', 'constructor', 'same', true, false, 7n, Symbol('x')],
  ...[[], [0], [-1, 3], [2, 2], [null], [1, 2, 3, 4, 5, 6, 7, 8], {}, { className: 'L2' }, { config: null }],
  ...[
    () => 1,
    new Map(),
    new Uint8Array(3),
    new Float32Array(4),
    new Error('x'),
    new Date(0),
    Promise.resolve(),
  ],
];
const names = Object.keys(SAMPLES) as (keyof typeof classes)[];

const [from, to, file] = process.argv.slice(2);
await setDevice('cpu');
await ready();
const progress = openSync(file!, 'w');
const outcome: Outcome = { calls: 0, errors: 0, uncoded: [] };

for (let n = Number(from); outcome.calls < Number(to); n++) {
  writeSync(progress, `${n}\n`, 0);
  await runCase(new Draw(n), n);
}
console.log(JSON.stringify(outcome));

/** One call of the API. @returns what it gave, or undefined where it was refused */
async function call<T>(n: number, what: string, body: () => T | Promise<T>): Promise<T | undefined> {
  outcome.calls++;
  try {
    return await body();
  } catch (error) {
    outcome.errors++;
    if (!(error instanceof CnnError)) outcome.uncoded.push(`case ${n}, ${what}: ${(error as Error).stack}`);
    return undefined;
  }
}

async function runCase(draw: Draw, n: number): Promise<void> {
  tf.engine().startScope();
  const strange = () => draw.pick(STRANGE);
  /** The value, or now and then something else. */
  const maybe = <T>(value: T, chance = 0.15) => (draw.chance(chance) ? (strange() as T) : value);
  const first = draw.pick(SAMPLES[draw.pick(names)]);
  const model = new Sequential([]);
  const count = 1 + draw.below(3);
  for (let i = 0; i < count; i++) {
    const name = i === 0 && draw.chance(0.8) ? nameOf(first) : draw.pick(names);
    const sample = i === 0 && nameOf(first) === name ? first : draw.pick(SAMPLES[name]);
    const options: Options = { ...sample.options };
    for (const key of Object.keys(options)) options[key] = maybe(options[key], 0.1);
    if (draw.chance(0.2))
      options[draw.pick(['units', 'name', 'activation', 'seed', 'axis', 'x'])] = strange();
    if (i === 0 && draw.chance(0.7)) options.inputShape = maybe(sample.input);
    const layer = await call(n, `new ${name}`, () => new classes[name](options as never));
    if (layer !== undefined) await call(n, 'add', () => model.add(maybe(layer, 0.03)));
  }
  await call(n, 'compile', () =>
    model.compile(
      maybe(
        {
          optimizer: maybe(draw.pick(Object.keys(optimizers))),
          loss: maybe(draw.pick(Object.keys(losses))),
          metrics: maybe([maybe(draw.pick(Object.keys(metrics)))]),
          jit: maybe(draw.chance(0.3), 0.05),
          stepsPerExecution: maybe(1, 0.1),
        },
        0.03,
      ) as never,
    ),
  );
  const rows = 1 + draw.below(4);
  const tensorOf = (shape: readonly (number | null)[]) =>
    tf.fill([rows, ...shape.map((size) => size ?? 2)], draw.pick([0, 1, 0.5, Number.NaN]));
  const x = maybe(draw.chance(0.9) ? tensorOf(first.input) : tensorOf([2, 3]));
  const y = maybe(tensorOf(model.outputShape?.slice(1) ?? [1]));
  const options = maybe(
    {
      batchSize: maybe(2),
      epochs: maybe(1, 0.05),
      verbose: 0,
      validationSplit: maybe(undefined),
      sampleWeight: maybe(undefined),
      classWeight: maybe(undefined, 0.1),
      seed: maybe(undefined),
      shuffle: maybe(true),
    },
    0.03,
  );
  // Endless epochs are no error.
  if (!(Number(safeEpochs(options)) > 3)) {
    await call(n, 'fit', () => model.fit(x as never, y as never, options as never));
  }
  await call(n, 'evaluate', () =>
    model.evaluate(x as never, y as never, { batchSize: maybe(2), verbose: 0 }),
  );
  await call(n, 'predict', () => model.predict(x as never, { batchSize: maybe(2) }));
  await call(n, 'apply', () => model.apply(x as never));
  await call(n, 'setWeights', () => model.setWeights(maybe(model.getWeights()) as never));
  await call(n, 'toBytes', () => model.toBytes());
  await call(n, 'getLayer', () => model.getLayer(strange() as never));
  await call(n, 'dispose', () => model.dispose());
  await call(n, 'predict after dispose', () => model.predict(x as never));
  tf.engine().endScope();
}

function safeEpochs(options: unknown): unknown {
  const epochs = (options as { epochs?: unknown } | null | undefined)?.epochs;
  return typeof epochs === 'number' ? epochs : 0;
}

function nameOf(sample: (typeof SAMPLES)[keyof typeof classes][number]): keyof typeof classes {
  return names.find((name) => SAMPLES[name].includes(sample))!;
}
