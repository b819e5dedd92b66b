import { directCall } from '../runtime/direct-call.js';
import { isTracing } from '../runtime/native.js';
import { TunedCall } from '../runtime/tuned-call.js';
import * as tf from '../tf.js';
import type { Model } from './model.js';
import { readSample, type Sample, type SampleValues } from './sample.js';

/** What a model does with single samples; the body of `Model.predictOne`. */
export class SinglePredictor {
  private readonly model: Model;
  /** By the shape of the sample; undefined where there is nothing to compile for. */
  private readonly calls = new Map<string, TunedCall | undefined>();

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

  private compileFor(shape: readonly number[]): TunedCall | undefined {
    const call = directCall((batch) => this.apply(batch), [1, ...shape], 'predictOne');
    return call && new TunedCall(call);
  }

  private predictEagerly({ values, shape }: SampleValues): Float32Array {
    return tf.tidy(() => this.apply(tf.tensor(values, [1, ...shape])).dataSync<'float32'>());
  }

  private apply(batch: tf.Tensor): tf.Tensor {
    return this.model.apply(batch).toFloat();
  }
}
