import type { Loss } from '../losses/loss.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';
import type { MetricOptions } from './metric.js';

/** The mean of a loss over all samples: every loss is a metric too, under its own name. */
export class LossMetric extends MeanMetric {
  override readonly direction = 'down';
  private readonly loss: Loss;

  constructor(loss: Loss, options: MetricOptions = {}) {
    super({ name: options.name ?? loss.name });
    this.loss = loss;
  }

  override get className(): string {
    return this.loss.className;
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.loss.getConfig(), name: this.name };
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return this.loss.perSample(yTrue, yPred);
  }
}
