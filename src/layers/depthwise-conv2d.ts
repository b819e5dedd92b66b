import type { InitializerIdentifier } from '../initializers/get.js';
import { depthwiseConv2d } from '../ops/depthwise-conv2d.js';
import type { Padding } from '../ops/window.js';
import { orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { BiasLayer, type BiasOptions, biasSchema } from './bias-layer.js';
import type { LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';
import { channelsOf, checkSteps, type PairOption, padding, pair, seenBy, slide } from './spatial.js';

/** What {@link DepthwiseConv2D} takes. */
export interface DepthwiseConv2DOptions extends BiasOptions {
  /** Height and width of the window. */
  kernelSize: PairOption;
  /** Steps of the window. Default: 1. */
  strides?: PairOption;
  /** `'same'` adds zeros around, so that strides of 1 keep the size. Default: `'valid'`. */
  padding?: Padding;
  /** Number of outputs of each channel. Default: 1. */
  depthMultiplier?: number;
  /** Distance of the window's pixels; more than 1 only with strides of 1. Default: 1. */
  dilationRate?: PairOption;
  /** Default: `'glorotUniform'`. */
  depthwiseInitializer?: InitializerIdentifier;
  /** Default: none. */
  depthwiseRegularizer?: RegularizerIdentifier;
}

export const depthwiseSchema = {
  kernelSize: pair,
  strides: orElse(pair, [1, 1]),
  padding,
  depthMultiplier: orElse(wholeNumber(1), 1),
  dilationRate: orElse(pair, [1, 1]),
  depthwiseInitializer: initializer('glorotUniform'),
  depthwiseRegularizer: regularizer,
  ...biasSchema,
} satisfies SchemaOf<DepthwiseConv2DOptions, LayerOptions>;

/**
 * Slides a window over each channel of images by itself.
 *
 * Input [batch, height, width, channels], output [batch, new height, new width, channels * depthMultiplier]. Weights:
 * kernel [kernel height, kernel width, channels, depthMultiplier], bias [channels * depthMultiplier].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images, or smaller than the window
 * @example
 * layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'relu' });
 */
export class DepthwiseConv2D extends BiasLayer<typeof depthwiseSchema> {
  static readonly className = 'DepthwiseConv2D';
  private kernel!: Variable;

  constructor(options: DepthwiseConv2DOptions) {
    super(options, depthwiseSchema);
    checkSteps(this.options, (option, expected, received) => this.optionError(option, expected, received));
  }

  protected override build(inputShape: Shape): void {
    const { kernelSize, depthMultiplier, ...options } = this.options;
    const channels = inputShape[3]!;
    this.kernel = this.addWeight({
      name: 'kernel',
      shape: [...kernelSize, channels, depthMultiplier],
      initializer: options.depthwiseInitializer,
      regularizer: options.depthwiseRegularizer,
    });
    this.addBias(channels * depthMultiplier);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return this.finish(depthwiseConv2d(input, this.kernel.read(), this.options));
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { kernelSize: size, depthMultiplier, ...window } = this.options;
    const refuse = (problem: string, expected: string) => this.shapeError(problem, expected, inputShape);
    const channels = channelsOf(inputShape, refuse) * depthMultiplier;
    return slide(inputShape, { size, ...window }, channels, refuse);
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { kernelSize: size, ...window } = this.options;
    return seenBy({ size, ...window }, output, input);
  }
}
