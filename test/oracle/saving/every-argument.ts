// Every class that files can name, with every argument away from its default, comes back from Keras as it went there.
//
//   npm run oracle:arguments -- [--python .venv/bin/python] [words of names ...]
//
// What is saved here, Keras loads and saves again; the model in that file must be the one that was saved. Layers also
// have to compute the same there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { classes, dense } from '../../../src/layers/index.js';
import type { LayerClass } from '../../../src/layers/layer.js';
import type { CompileOptions } from '../../../src/models/compiled.js';
import { loadModel } from '../../../src/models/load.js';
import { describeModel } from '../../../src/models/save.js';
import { Sequential } from '../../../src/models/sequential.js';
import type { Serialized } from '../../../src/registry.js';
import { ready } from '../../../src/runtime/backend.js';
import type { ClassTable } from '../../../src/saving/keras/class-table.js';
import { INITIALIZERS } from '../../../src/saving/keras/tables/initializers.js';
import { LAYERS } from '../../../src/saving/keras/tables/layers.js';
import { LOSSES } from '../../../src/saving/keras/tables/losses.js';
import { METRICS } from '../../../src/saving/keras/tables/metrics.js';
import { OPTIMIZERS } from '../../../src/saving/keras/tables/optimizers.js';
import { REGULARIZERS } from '../../../src/saving/keras/tables/regularizers.js';
import { SCHEDULES } from '../../../src/saving/keras/tables/schedules.js';
import * as tf from '../../../src/tf.js';
import { SAMPLES, type Sample } from '../../layers/samples.js';
import { setDistinct } from '../../saving/distinct.js';
import { decode, type Values } from './specs.js';

const SCRIPT = 'test/oracle/saving/every_argument.py';
const TOLERANCE = 1e-5;

/** Values that are no class's defaults, by the names of arguments; what shuts out another stands for itself below. */
const VALUES: Readonly<Record<string, unknown>> = {
  name: 'mine',
  // optimizers
  learningRate: 0.02,
  weightDecay: 0.03,
  rho: 0.8,
  epsilon: 1e-5,
  beta1: 0.8,
  beta2: 0.95,
  amsgrad: true,
  initialAccumulatorValue: 0.3,
  momentum: 0.5,
  nesterov: true,
  centered: true,
  learningRatePower: -0.4,
  l1RegularizationStrength: 0.01,
  l2RegularizationStrength: 0.02,
  l2ShrinkageRegularizationStrength: 0.03,
  beta: 0.1,
  // losses and metrics
  fromLogits: true,
  labelSmoothing: 0.1,
  reduction: 'sum',
  axis: -2,
  delta: 2,
  ignoreClass: 1,
  numThresholds: 50,
  threshold: 0.3,
  thresholds: 0.4,
  k: 2,
  // initializers and regularizers
  value: 0.2,
  gain: 0.7,
  mean: 0.1,
  stddev: 0.3,
  minval: -0.3,
  maxval: 0.4,
  scale: 1.5,
  mode: 'fanAvg',
  distribution: 'uniform',
  seed: 7,
  l1: 0.01,
  l2: 0.02,
  // schedules
  initialLearningRate: 0.02,
  decaySteps: 5,
  alpha: 0.1,
  warmupTarget: 0.03,
  warmupSteps: 2,
  firstDecaySteps: 3,
  tMul: 1.5,
  mMul: 0.9,
  decayRate: 0.6,
  staircase: true,
  boundaries: [1, 3],
  values: [0.1, 0.2, 0.3],
  endLearningRate: 0.001,
  power: 2,
  cycle: true,
};

const CLIPS = ['clipnorm', 'clipvalue', 'globalClipnorm'];
/** What Keras reads and forgets when it writes, and what its metrics do not have. */
const FORGOTTEN: Readonly<Record<string, readonly string[]>> = {
  'loss Huber': ['delta'],
  'loss CosineSimilarity': ['axis'],
  'metric CosineSimilarity': ['axis'],
  'initializer Identity': ['gain'],
};
const ONLY_OURS: Readonly<Record<string, readonly string[]>> = { 'metric BinaryCrossentropy': ['axis'] };

interface Case {
  readonly name: string;
  readonly model: Sequential;
  /** What layers are asked about. */
  readonly x: Values | null;
}

function objectsOf(table: ClassTable): Serialized[] {
  return Object.entries(table.classes).map(([className, schema]) => {
    const leftOut = [
      ...(FORGOTTEN[`${table.kind} ${className}`] ?? []),
      ...(ONLY_OURS[`${table.kind} ${className}`] ?? []),
      ...(table === METRICS ? ['reduction'] : []),
      ...(table === SCHEDULES ? ['name'] : []),
      ...CLIPS,
    ];
    const names = Object.keys(schema.arguments).filter((argument) => !leftOut.includes(argument));
    const config = Object.fromEntries(
      names.map((argument) => {
        if (!(argument in VALUES)) throw new Error(`${table.kind} ${className}: no value for ${argument}`);
        return [argument, VALUES[argument]];
      }),
    );
    return { className, config };
  });
}

/** A model of one layer, compiled. */
function compiled(name: string, options: Partial<CompileOptions>, layer: Record<string, unknown> = {}): Case {
  const model = new Sequential([dense({ units: 3, inputShape: [4], ...layer })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
  return { name, model, x: null };
}

function layerCases(): Case[] {
  const { InputLayer: _, ...others } = SAMPLES;
  return Object.entries(others as Record<string, readonly Sample[]>).flatMap(([className, samples]) => {
    const decorated = { ...samples[0]!, options: { ...samples[0]!.options, ...decoration(className) } };
    return [...samples, decorated].map(({ options, input, indices }) => {
      const Layer = (classes as Readonly<Record<string, LayerClass>>)[className]!;
      const model = new Sequential([new Layer({ ...options, inputShape: input } as never)]);
      setDistinct(model);
      const shape = [2, ...input];
      const size = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length: size }, (_, i) =>
        indices === undefined ? ((i * 7) % 11) / 11 : i % indices,
      );
      const x = { shape, data: Buffer.from(data.buffer).toString('base64') };
      return { name: `layer ${className} ${JSON.stringify(options)}`, model, x };
    });
  });
}

/** Arguments that go with all others, away from their defaults. */
function decoration(className: string): Record<string, unknown> {
  const of = (argument: string): unknown => {
    if (argument.endsWith('Initializer'))
      return { className: 'RandomNormal', config: { mean: 0.1, seed: 3 } };
    if (argument.endsWith('Regularizer')) return { className: 'L1L2', config: { l1: 0.01, l2: 0.02 } };
    return { name: 'mine', trainable: false, keepdims: true, seed: 5 }[argument];
  };
  const names = Object.keys(LAYERS.classes[className]!.arguments);
  return Object.fromEntries(names.map((name) => [name, of(name)]).filter(([, value]) => value !== undefined));
}

const objectCases = (): Case[] => [
  ...objectsOf(OPTIMIZERS).flatMap((optimizer) =>
    [{}, { clipnorm: 0.5 }, { clipvalue: 0.5 }, { globalClipnorm: 0.5 }].map((clip) =>
      compiled(`optimizer ${optimizer.className} ${JSON.stringify(clip)}`, {
        optimizer: { ...optimizer, config: { ...optimizer.config, ...clip } } as never,
      }),
    ),
  ),
  ...objectsOf(SCHEDULES).map((schedule) =>
    compiled(`schedule ${schedule.className}`, {
      optimizer: { className: 'Adam', config: { learningRate: schedule } } as never,
    }),
  ),
  ...objectsOf(LOSSES).map((loss) => compiled(`loss ${loss.className}`, { loss: loss as never })),
  ...objectsOf(METRICS).flatMap((metric) => [
    compiled(`metric ${metric.className}`, { metrics: [metric as never] }),
    compiled(`weighted metric ${metric.className}`, { weightedMetrics: [metric as never] }),
  ]),
  ...objectsOf(INITIALIZERS).map((kernelInitializer) =>
    compiled(`initializer ${kernelInitializer.className}`, {}, { kernelInitializer }),
  ),
  ...objectsOf(REGULARIZERS).map((kernelRegularizer) =>
    compiled(`regularizer ${kernelRegularizer.className}`, {}, { kernelRegularizer }),
  ),
];

/** What there is to be compared of a model. */
async function contentOf(model: Sequential) {
  const { name, inputShape, layers, compile } = await describeModel(model, {});
  return {
    name,
    inputShape,
    layers: layers.map(({ className, config }) => [className, ownConfig(config)]),
    compile,
  };
}

/** Without what stands elsewhere in files; several axes are in order, as Keras puts them. */
function ownConfig({ inputShape: _, ...config }: Record<string, unknown>): Record<string, unknown> {
  const { axis } = config;
  return Array.isArray(axis) ? { ...config, axis: [...axis].sort((a, b) => a - b) } : config;
}

/** Where something was given that is not there any more; what was left to a default may have been filled in. */
function lost(before: unknown, after: unknown, place = ''): string | undefined {
  if (before === null || before === undefined || Object.is(before, after)) return undefined;
  // Keras keeps some in float32.
  if (typeof before === 'number' && Math.fround(before) === Math.fround(Number(after))) return undefined;
  if (typeof before !== 'object') return `${place}: ${before} became ${JSON.stringify(after)}`;
  if (Array.isArray(before) && before.length !== (after as unknown[] | undefined)?.length) return place;
  for (const [key, value] of Object.entries(before)) {
    const found = lost(value, (after as Record<string, unknown> | null)?.[key], `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function predictionsOf(model: Sequential, values: Values): Promise<ArrayLike<number>> {
  const x = tf.tensor(decode(values), [...values.shape]);
  const { data } = await model.predict(x);
  x.dispose();
  return data;
}

const { values: options, positionals: words } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
  allowPositionals: true,
});
await ready();
const folder = mkdtempSync(path.join(tmpdir(), 'cnn-oracle-arguments-'));
const cases = [...layerCases(), ...objectCases()].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
for (const [i, { model }] of cases.entries()) await model.save(path.join(folder, `ours_${i}.keras`));
writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(cases.map(({ x }) => x)));
const { status } = spawnSync(options.python, ['-B', SCRIPT, folder], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) throw new Error(`${SCRIPT} failed`);
const outcomes = JSON.parse(readFileSync(path.join(folder, 'outcomes.json'), 'utf8')) as {
  error?: string;
  y?: Values;
}[];
let differences = 0;
const report = (name: string, problem: string) => {
  differences++;
  console.log(`${name}: ${problem}`);
};
for (const [i, { name, model, x }] of cases.entries()) {
  const { error, y } = outcomes[i]!;
  if (error !== undefined) {
    report(name, error);
    continue;
  }
  try {
    const again = await loadModel(path.join(folder, `again_${i}.keras`));
    const difference = lost(await contentOf(model), await contentOf(again));
    if (difference !== undefined) report(name, difference);
    if (!isDeepStrictEqual(again.getWeights(), model.getWeights())) report(name, 'other weights');
    if (x !== null) {
      const [ours, theirs] = [await predictionsOf(again, x), decode(y!)];
      const at = theirs.findIndex(
        (value, k) => !(Math.abs(value - ours[k]!) <= TOLERANCE * Math.max(1, Math.abs(value))),
      );
      if (at >= 0) report(name, `output ${at}: ${theirs[at]} there and ${ours[at]} here`);
    }
    again.dispose();
  } catch (cause) {
    report(name, String(cause));
  }
}
console.log(`${cases.length} models there and back, ${differences} differences`);
rmSync(folder, { recursive: true });
process.exitCode = differences === 0 ? 0 : 1;
