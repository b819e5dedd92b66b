import type { InitializerIdentifier } from '../initializers/get.js';
import { batchNormInference, batchNormTraining } from '../ops/batch-norm.js';
import { untracked } from '../ops/differentiable.js';
import { flag, number, orElse, type SchemaOf } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { type CallContext, Layer, type LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';

/** What {@link BatchNormalization} takes. */
export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis of the channels; negative ones count from the end. Default: -1. */
  axis?: number;
  /** What stays of the moving statistics at each step, from 0 to 1. Default: 0.99. */
  momentum?: number;
  /** Added to the variance, more than 0. Default: 0.001. */
  epsilon?: number;
  /** Whether to add a learned beta. Default: true. */
  center?: boolean;
  /** Whether to multiply by a learned gamma. Default: true. */
  scale?: boolean;
  /** Default: `'zeros'`. */
  betaInitializer?: InitializerIdentifier;
  /** Default: `'ones'`. */
  gammaInitializer?: InitializerIdentifier;
  /** Default: `'zeros'`. */
  movingMeanInitializer?: InitializerIdentifier;
  /** Default: `'ones'`. */
  movingVarianceInitializer?: InitializerIdentifier;
  /** Default: none. */
  betaRegularizer?: RegularizerIdentifier;
  /** Default: none. */
  gammaRegularizer?: RegularizerIdentifier;
}

const schema = {
  axis: orElse(number('a whole number', Number.isInteger), -1),
  momentum: orElse(
    number('a number from 0 to 1', (v) => v >= 0 && v <= 1),
    0.99,
  ),
  epsilon: orElse(
    number('more than 0', (v) => v > 0),
    0.001,
  ),
  center: orElse(flag, true),
  scale: orElse(flag, true),
  betaInitializer: initializer('zeros'),
  gammaInitializer: initializer('ones'),
  movingMeanInitializer: initializer('zeros'),
  movingVarianceInitializer: initializer('ones'),
  betaRegularizer: regularizer,
  gammaRegularizer: regularizer,
} satisfies SchemaOf<BatchNormalizationOptions, LayerOptions>;

/**
 * Brings each channel to mean 0 and variance 1, then scales and shifts it by learned weights. In training by the
 * statistics of the batch, else, and where it is not trainable, by their moving averages.
 *
 * The output has the shape of the input. Weights, [channels] each: gamma, beta, moving_mean, moving_variance.
 *
 * Source: Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167.
 *
 * @throws CnnError SHAPE_MISMATCH when the axis does not exist, or its size is unknown
 * @example
 * layers.batchNormalization({ momentum: 0.9 });
 */
export class BatchNormalization extends Layer<typeof schema> {
  static readonly className = 'BatchNormalization';
  private gamma: Variable | undefined;
  private beta: Variable | undefined;
  private movingMean!: Variable;
  private movingVariance!: Variable;

  constructor(options: BatchNormalizationOptions = {}) {
    super(options, schema);
  }

  protected override build(inputShape: Shape): void {
    const { scale, center, ...options } = this.options;
    const shape = [inputShape[this.axisOf(inputShape)]!];
    if (scale) {
      const { gammaInitializer, gammaRegularizer } = options;
      const weight = { initializer: gammaInitializer, regularizer: gammaRegularizer };
      this.gamma = this.addWeight({ name: 'gamma', shape, ...weight });
    }
    if (center) {
      const { betaInitializer, betaRegularizer } = options;
      const weight = { initializer: betaInitializer, regularizer: betaRegularizer };
      this.beta = this.addWeight({ name: 'beta', shape, ...weight });
    }
    const { movingMeanInitializer: mean, movingVarianceInitializer: variance } = options;
    this.movingMean = this.addWeight({ name: 'moving_mean', shape, initializer: mean, trainable: false });
    this.movingVariance = this.addWeight({
      name: 'moving_variance',
      shape,
      initializer: variance,
      trainable: false,
    });
  }

  override isPerSample({ training }: CallContext): boolean {
    return !training || !this.trainable;
  }

  protected call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const axis = this.axisOf(input.shape);
    if (axis === input.rank - 1) return this.normalize(input, training);
    const order = input.shape.map((_, i) => i).filter((i) => i !== axis);
    const back = input.shape.map((_, i) => (i === axis ? input.rank - 1 : i - Number(i > axis)));
    return this.normalize(input.transpose([...order, axis]), training).transpose(back);
  }

  /** Of channels on the last axis. */
  private normalize(input: tf.Tensor, training: boolean): tf.Tensor {
    const { epsilon } = this.options;
    const channels = this.movingMean.shape as [number];
    const gamma = this.gamma?.read() ?? tf.ones(channels);
    const beta = this.beta?.read() ?? tf.zeros(channels);
    if (!training || !this.trainable) {
      const [mean, variance] = [this.movingMean.read(), this.movingVariance.read()];
      return batchNormInference(input, gamma, beta, mean, variance, epsilon);
    }
    const { y, mean, variance } = batchNormTraining(input, gamma, beta, epsilon);
    this.move(this.movingMean, mean);
    this.move(this.movingVariance, variance);
    return y;
  }

  private move(average: Variable, value: tf.Tensor): void {
    const { momentum } = this.options;
    average.assign(
      untracked(() =>
        average
          .read()
          .mul(momentum)
          .add(value.mul(1 - momentum)),
      ),
    );
  }

  computeOutputShape(inputShape: Shape): Shape {
    const axis = this.axisOf(inputShape);
    if (axis < 1 || inputShape[axis] == null) {
      throw this.shapeError(
        'needs to know its channels',
        `a known size on axis ${this.options.axis}`,
        inputShape,
      );
    }
    return inputShape;
  }

  private axisOf(shape: Shape): number {
    const { axis } = this.options;
    return axis < 0 ? axis + shape.length : axis;
  }
}
