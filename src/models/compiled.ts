import { CnnError } from '../errors.js';
import { getLoss, type LossIdentifier } from '../losses/get.js';
import type { Loss } from '../losses/loss.js';
import { checkMetric, getMetric, type MetricIdentifier } from '../metrics/get.js';
import type { Direction, Metric } from '../metrics/metric.js';
import { getPrecision, type Precision } from '../ops/precision.js';
import { getOptimizer, type OptimizerIdentifier } from '../optimizers/get.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { requireKnown, requireList } from './requirements.js';

/** What `compile` takes. */
export interface CompileOptions {
  /** Name or object. Default: `'rmsprop'`, as in Keras. */
  optimizer?: OptimizerIdentifier;
  /** Name, object, or function of (yTrue, yPred). */
  loss: LossIdentifier;
  /** Names or objects; `'accuracy'` picks the form that fits the loss and the shapes. */
  metrics?: readonly MetricIdentifier[];
  /** Metrics that take sample and class weights into account; `metrics` do not. */
  weightedMetrics?: readonly MetricIdentifier[];
  /** Whether steps run as one compiled function. False runs them op by op, with the same numbers (Keras: run_eagerly). Default: true. */
  jit?: boolean;
  /**
   * Numbers of products and convolutions: `'float32'`, or `'mixed_bfloat16'` as Keras's policy of that name, faster
   * where the processor has instructions for it (libtensorflow only). Files do not keep it. Default: `'float32'`.
   */
  precision?: Precision | (string & {});
  /** Steps in one native call. Default `'auto'`: as many as it takes for a call to last some milliseconds. */
  stepsPerExecution?: number | 'auto';
}

const NAMES: Readonly<Record<keyof CompileOptions, true>> = {
  optimizer: true,
  loss: true,
  metrics: true,
  weightedMetrics: true,
  jit: true,
  precision: true,
  stepsPerExecution: true,
};

interface CompiledMetric {
  readonly name: string;
  readonly metric: Metric;
  readonly isWeighted: boolean;
}

/** Names to numbers, in order: the loss first. */
export type Results = Record<string, number>;

/** A model's loss, metrics and optimizer, with what accumulates over an epoch. */
export class Compiled {
  readonly options: CompileOptions;
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly precision: Precision;
  /** Known once the shapes of output and targets are. */
  private resolved: readonly CompiledMetric[] | undefined;
  /** Sum of the batches' losses, each times its number of samples, and number of samples. */
  private readonly lossState: Variable;

  constructor(options: CompileOptions) {
    requireKnown('compile', options, NAMES);
    const { metrics = [], weightedMetrics = [] } = options;
    requireList('metrics', metrics);
    requireList('weightedMetrics', weightedMetrics);
    for (const metric of [...metrics, ...weightedMetrics]) checkMetric(metric);
    this.options = options;
    this.optimizer = getOptimizer(options.optimizer ?? 'rmsprop');
    this.loss = getLoss(options.loss);
    this.precision = getPrecision(options.precision ?? 'float32');
    const { stepsPerExecution = 'auto' } = options;
    if (stepsPerExecution !== 'auto' && !(Number.isInteger(stepsPerExecution) && stepsPerExecution > 0)) {
      throw new CnnError('INVALID_ARGUMENT', 'compile: stepsPerExecution is not valid', {
        argument: 'stepsPerExecution',
        expected: "a whole number from 1 on, or 'auto'",
        received: String(stepsPerExecution),
      });
    }
    const zero = tf.zeros([2]);
    this.lossState = new Variable(zero, { name: 'loss', path: 'metrics/loss', trainable: false });
    zero.dispose();
  }

  /** The metrics by the names under which results are reported. */
  get metrics(): readonly CompiledMetric[] {
    return this.resolved ?? [];
  }

  /** Makes the metrics, for the shapes that the model has. */
  resolveMetrics(outputShape: Shape, targetShape: Shape): void {
    if (this.resolved !== undefined) return;
    const { metrics = [], weightedMetrics = [] } = this.options;
    const names = new Set(['loss']);
    const make = (isWeighted: boolean) => (identifier: MetricIdentifier) => {
      const metric = getMetric(identifier, { outputShape, targetShape });
      const name = names.has(metric.name) && isWeighted ? `weighted_${metric.name}` : metric.name;
      if (names.has(name)) {
        throw new CnnError('INVALID_ARGUMENT', `compile: two metrics are called "${name}"`, {
          argument: 'metrics',
          hint: 'Give one of them another name.',
        });
      }
      names.add(name);
      return { name, metric, isWeighted };
    };
    this.resolved = [...metrics.map(make(false)), ...weightedMetrics.map(make(true))];
  }

  /** Names of the results, in order. */
  get resultNames(): string[] {
    return ['loss', ...this.metrics.map(({ name }) => name)];
  }

  /** Whether larger or smaller is better, of each result. */
  get directions(): Record<string, Direction | undefined> {
    return {
      loss: 'down',
      ...Object.fromEntries(this.metrics.map(({ name, metric }) => [name, metric.direction])),
    };
  }

  /** Takes a batch's loss and predictions in. Traced. */
  update(loss: tf.Tensor, yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight: tf.Tensor | undefined): void {
    tf.tidy(() => {
      const samples = tf.scalar(yTrue.shape[0] ?? 1);
      this.lossState.assignAdd(tf.stack([loss.mul(samples), samples]));
      for (const { metric, isWeighted } of this.metrics) {
        metric.update(yTrue, yPred, isWeighted ? sampleWeight : undefined);
      }
    });
  }

  /** All results in one tensor. Traced. */
  results(): tf.Tensor {
    return tf.tidy(() => {
      const [sum, count] = tf.unstack(this.lossState.read());
      return tf.stack([sum!.divNoNan(count!), ...this.metrics.map(({ metric }) => metric.result())]);
    });
  }

  /** What accumulates: the loss first, then each metric's. */
  get variables(): readonly Variable[] {
    return [this.lossState, ...this.metrics.flatMap(({ metric }) => metric.variables)];
  }

  /** Starts accumulating anew. Traced. */
  reset(): void {
    tf.tidy(() => this.lossState.assign(tf.zeros([2])));
    for (const { metric } of this.metrics) metric.reset();
  }

  dispose(): void {
    this.lossState.dispose();
    for (const { metric } of this.metrics) metric.dispose();
    this.optimizer.dispose();
  }
}
