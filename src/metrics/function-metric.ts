import { requireTensor } from '../ops/own-function.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';

/** A metric of the user's own: a value for each sample. Traced, so it has to be made of tensor operations. */
export type MetricFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** The mean of a function over all samples. It is not part of saved models, which hold no code. */
export class FunctionMetric extends MeanMetric {
  private readonly fn: MetricFunction;

  constructor(fn: MetricFunction) {
    super({ name: fn.name || 'metric' });
    this.fn = fn;
  }

  override get className(): string {
    return this.name;
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return requireTensor('metric', this.name, this.fn(yTrue, yPred));
  }
}
