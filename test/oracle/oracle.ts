/** Reads what real Keras computed (see README.md beside this file) and compares arrays with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

type Options = Readonly<Record<string, unknown>>;
type Shape = (number | null)[];

/** An array as the fixtures hold it: row-major; float32 unless it says int32; what JSON lacks is a word. */
export interface OracleTensor {
  shape: number[];
  dtype?: 'int32';
  data: (number | 'NaN' | 'Infinity' | '-Infinity')[];
}

export interface LayerStep {
  training: boolean;
  x: OracleTensor;
  y: OracleTensor;
  /** Upstream gradient; `dx` and `dweights` are the gradients of sum(y * dy). */
  dy: OracleTensor;
  dx: OracleTensor;
  /** One for each trainable weight, in Keras's order. */
  dweights: OracleTensor[];
  /** The non-trainable weights after this step; they carry over into the next. */
  nonTrainable: OracleTensor[];
  /** Regularization, where the layer has any. */
  penalty?: { value: OracleTensor; dweights: OracleTensor[] };
}

export interface LayerCase {
  name: string;
  layer: string;
  options: Options;
  inputShape: Shape;
  outputShape: Shape;
  params: { total: number; trainable: number };
  /** In Keras's order: trainable ones first, then the others. */
  weights: { name: string; trainable: boolean; value: OracleTensor }[];
  steps: LayerStep[];
  /** Beyond what the first release promises. */
  extra?: true;
}

export interface ActivationCase {
  name: string;
  activation: string;
  options: Options;
  x: OracleTensor;
  y: OracleTensor;
  dy: OracleTensor;
  dx: OracleTensor;
}

export interface InitializerCase {
  name: string;
  initializer: string;
  options: Options;
  shape: number[];
  value?: OracleTensor;
  sample?: { count: number; mean: number; stddev: number; min: number; max: number; kurtosis: number };
}

export interface RegularizerCase {
  name: string;
  regularizer: string;
  options: Options;
  x: OracleTensor;
  value: OracleTensor;
  gradient: OracleTensor;
}

export interface LossCase {
  name: string;
  loss: string;
  options: Options;
  yTrue: OracleTensor;
  yPred: OracleTensor;
  sampleWeight?: OracleTensor;
  value: OracleTensor;
  /** Of the sum of `value`, with respect to `yPred`. */
  gradient: OracleTensor;
  extra?: true;
}

export interface MetricCase {
  name: string;
  metric: string;
  options: Options;
  /** `mean` and `sum` take `values`, all others `yTrue` and `yPred`; `result` is of all updates so far. */
  updates: {
    yTrue?: OracleTensor;
    yPred?: OracleTensor;
    values?: OracleTensor;
    sampleWeight?: OracleTensor;
    result: OracleTensor;
  }[];
  extra?: true;
}

export interface OptimizerCase {
  name: string;
  optimizer: string;
  options: Options;
  /** Both variables after each step. */
  weights: OracleTensor[][];
  /** Keras's own variables at the end, in the order of `.keras` files. */
  variables: { name: string; value: OracleTensor }[];
  extra?: true;
}

export interface ScheduleCase {
  name: string;
  schedule: string;
  options: Options;
  values: number[];
}

export interface CallbackCase {
  name: string;
  callback: string;
  options: Options;
  /** What `val_loss` was at the end of each epoch. */
  results: (number | 'NaN')[];
  /** The learning rate after each epoch that was run: fewer than `results` where training stopped. It begins with 0.1. */
  rates: number[];
  /** The epoch whose weights were put back at the end. */
  restored: number | null;
}

export interface TrainingData {
  x: OracleTensor;
  y: OracleTensor;
  sampleWeight?: OracleTensor;
}

export interface TrainingCase {
  name: string;
  layers: { layer: string; options: Options }[];
  inputShape: Shape;
  optimizer: { optimizer: string; options: Options };
  loss: { loss: string; options: Options };
  metrics: string[];
  classWeight?: Readonly<Record<string, number>>;
  initial: OracleTensor[];
  final: OracleTensor[];
  /** Runs batch by batch: what each step reports of itself alone. */
  batches?: TrainingData[];
  steps?: Record<string, number>[];
  /** Runs of `fit`, without shuffling. */
  data?: TrainingData;
  validation?: TrainingData;
  batchSize?: number;
  history?: Record<string, number[]>;
  /** Of the validation data, after training. */
  predictions?: OracleTensor;
}

interface Files {
  layers: { cases: LayerCase[] };
  activations: { cases: ActivationCase[] };
  initializers: { cases: InitializerCase[] };
  regularizers: { cases: RegularizerCase[] };
  losses: { cases: LossCase[] };
  metrics: { cases: MetricCase[] };
  /** Every case starts from `initial` and takes the same `gradients`. */
  optimizers: { initial: OracleTensor[]; gradients: OracleTensor[][]; cases: OptimizerCase[] };
  /** The schedules' values are those at `steps`. */
  schedules: { steps: number[]; cases: ScheduleCase[] };
  training: { cases: TrainingCase[] };
  callbacks: { cases: CallbackCase[] };
}

/** One file of fixtures. */
export function oracle<K extends keyof Files>(name: K): Files[K] {
  // Fixtures stay in the source tree; this module runs from dist/test/oracle.
  const file = new URL(`../../../test/oracle/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The numbers of a fixture's array. */
export function values({ data }: OracleTensor): number[] {
  return data.map(Number);
}

/**
 * Fails where an element is further from Keras's than `tolerance` times its size. Sums of terms that cancel are
 * as exact as their terms, so an element counts as no smaller than the root mean square of its array.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: OracleTensor,
  what: string,
  tolerance = 1e-5,
): void {
  const wanted = values(expected);
  assert.equal(actual.length, wanted.length, `${what}: number of elements`);
  const finite = wanted.filter(Number.isFinite);
  const size = Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / Math.max(finite.length, 1));
  wanted.forEach((want, i) => {
    const got = actual[i]!;
    // Float32 below 2^-126 is denormal: zero on some backends.
    const close = Math.abs(got - want) <= Math.max(tolerance * Math.max(Math.abs(want), size), 2 ** -126);
    assert.ok(
      Number.isFinite(want) ? close : Object.is(got, want),
      `${what}: element ${i} is ${got}, Keras has ${want}`,
    );
  });
}
