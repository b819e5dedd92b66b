import type { Layer } from '../layers/layer.js';
import { observeLayers } from '../layers/observe.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import { inScope } from '../runtime/scope.js';
import { turn } from '../runtime/turn.js';
import * as tf from '../tf.js';
import type { Compiled } from './compiled.js';
import { gradientsOf, wholeGradient } from './gradients.js';
import type { Model } from './model.js';
import { type RowFormat, takeRows } from './source.js';

/** Data in place, as the arguments of a traced function. */
export interface StepData {
  readonly x: tf.Tensor;
  readonly xFormat: RowFormat;
  readonly y: tf.Tensor;
  readonly yFormat: RowFormat;
  /** A weight for each row, if any. */
  readonly weights?: tf.Tensor;
  /** A weight for each class, if any. */
  readonly classWeights?: tf.Tensor;
}

/** What happens in a model for some rows. */
export interface Inspection {
  readonly loss: tf.Tensor;
  /** Of the loss, with respect to the trainable weights, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** What each layer gives, by its name; the first time, where it is applied more than once. */
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
}

interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly weights: tf.Tensor | undefined;
}

/** A model's training and evaluation steps, each call of which runs one step or several as one native function. */
export class Steps {
  /** Trains on the given rows, `batchSize` at a time. @returns each step's loss, float32 [steps] */
  readonly train: JitFunction<[data: StepData, rows: tf.Tensor, batchSize: number], tf.Tensor>;
  /** Scores the given rows, `batchSize` at a time. */
  readonly evaluate: JitFunction<[data: StepData, rows: tf.Tensor, batchSize: number], void>;
  /** Looks at the given rows as one batch, as in scoring, and changes nothing. */
  readonly inspect: JitFunction<[data: StepData, rows: tf.Tensor], Inspection>;
  /** The accumulated results, float32 [results]. */
  readonly results: JitFunction<[], tf.Tensor>;
  /** Whether each weight of the model is all finite, bool [weights]. */
  readonly areFinite: JitFunction<[], tf.Tensor>;
  /** Forgets what was accumulated. */
  readonly reset: JitFunction<[], void>;
  private readonly model: Model;
  private readonly compiled: Compiled;
  private readonly attached = new Map<unknown, { dispose(): void }>();

  constructor(model: Model, compiled: Compiled) {
    this.model = model;
    this.compiled = compiled;
    const compile: typeof jit = model.runsEagerly ? eagerly : jit;
    this.train = compile(
      (data, rows, batchSize) =>
        tf.stack(batchesOf(data, rows, batchSize).map((batch) => this.trainStep(batch))),
      { name: 'train' },
    );
    this.evaluate = compile(
      (data, rows, batchSize) => {
        for (const batch of batchesOf(data, rows, batchSize)) this.evaluateStep(batch);
      },
      { name: 'evaluate' },
    );
    this.inspect = compile((data, rows) => this.inspectBatch(batchesOf(data, rows, rows.size)[0]!), {
      name: 'inspect',
    });
    this.results = compile(() => compiled.results(), { name: 'results' });
    this.areFinite = compile(() => tf.stack(model.weights.map((weight) => weight.read().isFinite().all())), {
      name: 'areFinite',
    });
    this.reset = compile(() => compiled.reset(), { name: 'reset' });
  }

  dispose(): void {
    const { train, evaluate, inspect, results, areFinite, reset } = this;
    for (const fn of [train, evaluate, inspect, results, areFinite, reset]) fn.dispose();
    for (const fn of this.attached.values()) fn.dispose();
    this.attached.clear();
  }

  /** A traced function of others on this model, made at the first call and disposed of with these steps. */
  attach<T extends { dispose(): void }>(make: (model: Model) => T): T {
    const made = (this.attached.get(make) as T | undefined) ?? make(this.model);
    this.attached.set(make, made);
    return made;
  }

  private trainStep({ x, y, weights }: Batch): tf.Tensor {
    let predictions: tf.Tensor | undefined;
    const { value, gradients } = gradientsOf(this.model.trainableWeights, () => {
      predictions = tf.keep(this.model.apply(x, { training: true }));
      return this.totalLoss(y, predictions, weights);
    });
    inScope('optimizer', () => this.compiled.optimizer.applyGradients(gradients));
    inScope('metrics', () => this.compiled.update(value, y, predictions!, weights));
    predictions!.dispose();
    return value;
  }

  private evaluateStep({ x, y, weights }: Batch): void {
    tf.tidy(() => {
      const predictions = this.model.apply(x);
      this.compiled.update(this.totalLoss(y, predictions, weights), y, predictions, weights);
    });
  }

  private inspectBatch({ x, y, weights }: Batch): Inspection {
    const kept: Record<string, tf.Tensor> = {};
    const observer = (layer: Layer, output: tf.Tensor) => {
      kept[layer.name] ??= tf.keep(output.clone());
    };
    try {
      const { value, gradients } = gradientsOf(this.model.trainableWeights, () => {
        const predictions = observeLayers(observer, () => this.model.apply(x));
        return this.totalLoss(y, predictions, weights);
      });
      const outputs = Object.entries(kept).map(([name, output]) => [name, output.clone()]);
      return { loss: value, gradients: gradients.map(wholeGradient), outputs: Object.fromEntries(outputs) };
    } finally {
      tf.dispose(kept);
    }
  }

  /** The loss with the penalties of regularized weights. */
  private totalLoss(y: tf.Tensor, predictions: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
    return inScope('loss', () => {
      const loss = this.compiled.loss.apply(y, predictions, weights);
      return this.model.penalties().reduce<tf.Tensor>((sum, penalty) => sum.add(penalty), loss);
    });
  }
}

/** Runs a function op by op, under the interface of a traced one. */
export const eagerly: typeof jit = (fn) => {
  const call = ((...args: never[]) => tf.tidy(() => fn(...(args as never)) as never)) as never as ReturnType<
    typeof jit
  >;
  return Object.assign(call, {
    async: async (...args: never[]) => turn(call(...args)),
    trace: (...args: never[]) => jit(fn).trace(...(args as never)),
    dispose() {},
  }) as never;
};

function batchesOf(data: StepData, rows: tf.Tensor, batchSize: number): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < rows.size; start += batchSize) {
    const end = Math.min(start + batchSize, rows.size);
    const indices =
      start === 0 && end === rows.size ? rows : tf.slice1d(rows as tf.Tensor1D, start, end - start);
    batches.push(
      inScope('batch', () => {
        const y = takeRows(data.y, data.yFormat, indices);
        return { x: takeRows(data.x, data.xFormat, indices), y, weights: weightsOf(data, indices, y) };
      }),
    );
  }
  return batches;
}

function weightsOf(
  { weights, classWeights, yFormat }: StepData,
  indices: tf.Tensor,
  y: tf.Tensor,
): tf.Tensor | undefined {
  const own = weights === undefined ? undefined : tf.gather(weights, indices as tf.Tensor1D);
  if (classWeights === undefined) return own;
  const labels = yFormat.dtype === 'int32' && yFormat.oneHot === 0 ? y : y.argMax(-1);
  const byClass = tf.gather(classWeights, labels.flatten().toInt());
  return own === undefined ? byClass : own.mul(byClass);
}
