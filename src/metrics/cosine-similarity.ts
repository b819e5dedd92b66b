import { CosineSimilarity as CosineSimilarityLoss } from '../losses/cosine-similarity.js';
import type * as tf from '../tf.js';
import { MeanMetric } from './mean-metric.js';
import type { MetricOptions } from './metric.js';

/** What {@link CosineSimilarity} takes. */
export interface CosineSimilarityOptions extends MetricOptions {
  /** The axis along which the vectors lie. Default: -1. */
  axis?: number;
}

/**
 * The mean cosine of the angle between targets and predictions, from -1 to 1: the loss of this name with the sign
 * that makes larger better.
 *
 * @example
 * model.compile({ loss: 'mse', metrics: ['cosineSimilarity'] });
 */
export class CosineSimilarity extends MeanMetric {
  static readonly className = 'CosineSimilarity';
  override readonly direction = 'up';
  private readonly axis: number;
  private readonly loss: CosineSimilarityLoss;

  constructor(options: CosineSimilarityOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.loss = new CosineSimilarityLoss({ axis: this.axis });
  }

  override getConfig(): Record<string, unknown> {
    return { axis: this.axis, ...super.getConfig() };
  }

  protected override valuesOf(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return this.loss.perSample(yTrue, yPred).neg();
  }
}
