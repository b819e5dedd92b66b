import type { InitializerIdentifier } from '../initializers/get.js';
import { normalize } from '../ops/normalize.js';
import { flag, number, type OptionKind, orElse, type SchemaOf } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';

/** What {@link LayerNormalization} takes. */
export interface LayerNormalizationOptions extends LayerOptions {
  /** The axes that are normalized together; negative ones count from the end. Default: -1. */
  axis?: number | readonly number[];
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
  /** Default: none. */
  betaRegularizer?: RegularizerIdentifier;
  /** Default: none. */
  gammaRegularizer?: RegularizerIdentifier;
}

const one = number('a whole number', Number.isInteger);
const axes: OptionKind<readonly number[]> = {
  expected: 'a whole number, or a list of them',
  read: (value, refuse) => (Array.isArray(value) ? value : [value]).map((axis) => one.read(axis, refuse)),
  write: (value) => (value.length === 1 ? value[0] : [...value]),
};

const schema = {
  axis: orElse(axes, [-1]),
  epsilon: orElse(
    number('more than 0', (v) => v > 0),
    0.001,
  ),
  center: orElse(flag, true),
  scale: orElse(flag, true),
  betaInitializer: initializer('zeros'),
  gammaInitializer: initializer('ones'),
  betaRegularizer: regularizer,
  gammaRegularizer: regularizer,
} satisfies SchemaOf<LayerNormalizationOptions, LayerOptions>;

/**
 * Brings each sample to mean 0 and variance 1 along some axes, then scales and shifts it by learned weights.
 *
 * The output has the shape of the input. Weights, with the sizes of the axes: gamma, beta.
 *
 * Source: Ba et al. 2016, https://arxiv.org/abs/1607.06450.
 *
 * @throws CnnError SHAPE_MISMATCH when an axis does not exist, or its size is unknown
 * @example
 * layers.layerNormalization({ epsilon: 1e-6 });
 */
export class LayerNormalization extends Layer<typeof schema> {
  static readonly className = 'LayerNormalization';
  private gamma: Variable | undefined;
  private beta: Variable | undefined;

  constructor(options: LayerNormalizationOptions = {}) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected override build(inputShape: Shape): void {
    const options = this.options;
    // In Keras's order, which counts -1 before 1.
    const shape = [...options.axis].sort((a, b) => a - b).map((axis) => inputShape.at(axis)!);
    if (options.scale) {
      const weight = { initializer: options.gammaInitializer, regularizer: options.gammaRegularizer };
      this.gamma = this.addWeight({ name: 'gamma', shape, ...weight });
    }
    if (options.center) {
      const weight = { initializer: options.betaInitializer, regularizer: options.betaRegularizer };
      this.beta = this.addWeight({ name: 'beta', shape, ...weight });
    }
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const along = this.axesOf(input.shape);
    const spread = input.shape.map((size, axis) => (along.includes(axis) ? size : 1));
    const [y] = normalize(input, along, this.options.epsilon);
    const scaled = this.gamma === undefined ? y : y.mul(this.gamma.read().reshape(spread));
    return this.beta === undefined ? scaled : scaled.add(this.beta.read().reshape(spread));
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (this.axesOf(inputShape).some((axis) => axis < 1 || inputShape[axis] == null)) {
      throw this.shapeError(
        'needs to know its sizes',
        `known sizes on axis ${this.options.axis}`,
        inputShape,
      );
    }
    return inputShape;
  }

  /** In order, from the front. */
  private axesOf(shape: Shape): number[] {
    return this.options.axis.map((axis) => (axis < 0 ? axis + shape.length : axis)).sort((a, b) => a - b);
  }
}
