import { directCall } from '../runtime/direct-call.js';
import { isTracing } from '../runtime/native.js';
import { TunedCall } from '../runtime/tuned-call.js';
import type { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';
import { applyFrozen } from './frozen.js';
import type { Model } from './model.js';
import { readSample, type Sample, type SampleValues } from './sample.js';

/** Calls between which weights have to stay as they are before they become constants. */
const PATIENCE = 100;
/** Models of more parameters are left as they are: their time is that of reading weights, and constants are a copy. */
const MOST_PARAMETERS = 2 ** 22;

/** What a model does with single samples; the body of `Model.predictOne`. */
export class SinglePredictor {
  private readonly model: Model;
  /** By the shape of the sample; undefined where there is nothing to compile for. */
  private readonly calls = new Map<string, SampleCall | undefined>();

  constructor(model: Model) {
    this.model = model;
  }

  predict(sample: Sample): Float32Array {
    const { model } = this;
    const { values, shape } = readSample(sample, model.inputShape?.slice(1));
    model.buildFor([null, ...shape]);
    if (model.runsEagerly || isTracing()) return this.predictEagerly({ values, shape });
    const key = shape.join();
    if (!this.calls.has(key)) this.calls.set(key, this.compileFor(shape));
    return this.calls.get(key)?.run(values) ?? this.predictEagerly({ values, shape });
  }

  dispose(): void {
    for (const call of this.calls.values()) call?.dispose();
    this.calls.clear();
  }

  private compileFor(shape: readonly number[]): SampleCall | undefined {
    const call = directCall((batch) => this.model.apply(batch).toFloat(), [1, ...shape], 'predictOne');
    return call && new SampleCall(this.model, shape, new TunedCall(call));
  }

  private predictEagerly({ values, shape }: SampleValues): Float32Array {
    const apply = () => this.model.apply(tf.tensor(values, [1, ...shape])).toFloat();
    return tf.tidy(() => apply().dataSync<'float32'>());
  }
}

/**
 * Predictions for samples of one shape, by the weights as they are at each call. Where they have not changed for some
 * time, they are constants of the compiled function, until they do: without weights to hand over and to look up,
 * small models take two thirds of the time.
 */
class SampleCall {
  private readonly model: Model;
  private readonly shape: readonly number[];
  /** Those that hold the model's weights. */
  private readonly variables: readonly Variable[];
  private readonly current: TunedCall;
  private frozen: TunedCall | undefined;
  private changes = 0;
  private unchangedCalls = 0;
  private patience = PATIENCE;

  constructor(model: Model, shape: readonly number[], current: TunedCall) {
    this.model = model;
    this.shape = shape;
    this.variables = model.weights.flatMap(({ parts }) => parts);
    this.current = current;
    if (model.countParams() > MOST_PARAMETERS) this.patience = Number.POSITIVE_INFINITY;
  }

  run(values: Float32Array): Float32Array {
    let changes = 0;
    for (const variable of this.variables) changes += variable.changes!;
    if (changes !== this.changes) this.thaw(changes);
    else if (++this.unchangedCalls === this.patience) this.freeze();
    return (this.frozen ?? this.current).run(values);
  }

  dispose(): void {
    this.current.dispose();
    this.frozen?.dispose();
  }

  private freeze(): void {
    const { model, shape } = this;
    const weights = model.weights.map((weight) => weight.read());
    const apply = (batch: tf.Tensor) => applyFrozen(model, weights, batch).toFloat();
    const options = { maxConstantElements: MOST_PARAMETERS };
    this.frozen = new TunedCall(directCall(apply, [1, ...shape], 'predictOne', options)!);
    tf.dispose(weights);
  }

  private thaw(changes: number): void {
    this.changes = changes;
    this.unchangedCalls = 0;
    if (this.frozen === undefined) return;
    this.frozen.dispose();
    this.frozen = undefined;
    this.patience *= 2;
  }
}
