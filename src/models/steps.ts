import type { Layer } from '../layers/layer.js';
import { observeLayers } from '../layers/observe.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import { runAfter } from '../runtime/run-after.js';
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
      (data, rows, batchSize) => tf.stack(inTurn(data, rows, batchSize, (batch) => this.trainStep(batch))),
      { name: 'train' },
    );
    this.evaluate = compile(
      (data, rows, batchSize) => {
        inTurn(data, rows, batchSize, (batch) => this.evaluateStep(batch));
      },
      { name: 'evaluate' },
    );
    this.inspect = compile((data, rows) => this.inspectBatch(batchOf(data, rows)), {
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

  /** @returns the loss */
  private evaluateStep({ x, y, weights }: Batch): tf.Tensor {
    return tf.tidy(() => {
      const predictions = this.model.apply(x);
      const loss = this.totalLoss(y, predictions, weights);
      this.compiled.update(loss, y, predictions, weights);
      return loss;
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

/** The data of so many steps may be there together: while one computes, the next one's is fetched. */
const TOGETHER = 2;

/** One step after the other, on `batchSize` rows each. @returns what each gives */
function inTurn(
  data: StepData,
  rows: tf.Tensor,
  batchSize: number,
  step: (batch: Batch) => tf.Tensor,
): tf.Tensor[] {
  if (rows.size <= batchSize) return [step(batchOf(data, rows))];
  const results: tf.Tensor[] = [];
  for (let start = 0; start < rows.size; start += batchSize) {
    const take = () => tf.slice1d(rows as tf.Tensor1D, start, Math.min(batchSize, rows.size - start));
    const indices = results.length < TOGETHER ? take() : runAfter(results.at(-TOGETHER)!, take);
    results.push(step(batchOf(data, indices)));
  }
  return results;
}

function batchOf(data: StepData, rows: tf.Tensor): Batch {
  return inScope('batch', () => {
    const y = takeRows(data.y, data.yFormat, rows);
    return { x: takeRows(data.x, data.xFormat, rows), y, weights: weightsOf(data, rows, y) };
  });
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
