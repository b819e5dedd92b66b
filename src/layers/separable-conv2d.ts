import type { InitializerIdentifier } from '../initializers/get.js';
import { conv2d } from '../ops/conv2d.js';
import { depthwiseConv2d } from '../ops/depthwise-conv2d.js';
import { type SchemaOf, wholeNumber } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { BiasLayer } from './bias-layer.js';
import { type DepthwiseConv2DOptions, depthwiseSchema } from './depthwise-conv2d.js';
import type { LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';
import { channelsOf, checkSteps, seenBy, slide } from './spatial.js';

/** What {@link SeparableConv2D} takes. */
export interface SeparableConv2DOptions extends DepthwiseConv2DOptions {
  /** Channels of the output. */
  filters: number;
  /** Default: `'glorotUniform'`. */
  pointwiseInitializer?: InitializerIdentifier;
  /** Default: none. */
  pointwiseRegularizer?: RegularizerIdentifier;
}

const schema = {
  filters: wholeNumber(1),
  ...depthwiseSchema,
  pointwiseInitializer: initializer('glorotUniform'),
  pointwiseRegularizer: regularizer,
} satisfies SchemaOf<SeparableConv2DOptions, LayerOptions>;

/**
 * A convolution of each channel by itself, then one of all channels at each pixel: far fewer weights than a full one.
 *
 * Input [batch, height, width, channels], output [batch, new height, new width, filters]. Weights: depthwise_kernel
 * [kernel height, kernel width, channels, depthMultiplier], pointwise_kernel [1, 1, channels * depthMultiplier,
 * filters], bias [filters].
 *
 * Source: Chollet 2017, https://arxiv.org/abs/1610.02357.
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images, or smaller than the window
 * @example
 * layers.separableConv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' });
 */
export class SeparableConv2D extends BiasLayer<typeof schema> {
  static readonly className = 'SeparableConv2D';
  private depthwise!: Variable;
  private pointwise!: Variable;

  constructor(options: SeparableConv2DOptions) {
    super(options, schema);
    checkSteps(this.options, (option, expected, received) => this.optionError(option, expected, received));
  }

  protected override build(inputShape: Shape): void {
    const { filters, kernelSize, depthMultiplier, ...options } = this.options;
    const channels = inputShape[3]!;
    this.depthwise = this.addWeight({
      name: 'depthwise_kernel',
      shape: [...kernelSize, channels, depthMultiplier],
      initializer: options.depthwiseInitializer,
      regularizer: options.depthwiseRegularizer,
    });
    this.pointwise = this.addWeight({
      name: 'pointwise_kernel',
      shape: [1, 1, channels * depthMultiplier, filters],
      initializer: options.pointwiseInitializer,
      regularizer: options.pointwiseRegularizer,
    });
    this.addBias(filters);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const channels = depthwiseConv2d(input, this.depthwise.read(), this.options);
    const product = conv2d(channels, this.pointwise.read(), {
      strides: [1, 1],
      padding: 'valid',
      dilationRate: [1, 1],
      groups: 1,
    });
    return this.finish(product);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { filters, kernelSize: size, ...window } = this.options;
    const refuse = (problem: string, expected: string) => this.shapeError(problem, expected, inputShape);
    channelsOf(inputShape, refuse);
    return slide(inputShape, { size, ...window }, filters, refuse);
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { kernelSize: size, ...window } = this.options;
    return seenBy({ size, ...window }, output, input);
  }
}
