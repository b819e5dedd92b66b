import { conv2d } from '../ops/conv2d.js';
import type { Padding } from '../ops/window.js';
import { orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { KernelLayer, type KernelOptions, kernelSchema } from './kernel-layer.js';
import type { LayerOptions } from './layer.js';
import { channelsOf, checkSteps, type PairOption, padding, pair, seenBy, slide } from './spatial.js';

/** What {@link Conv2D} takes. */
export interface Conv2DOptions extends KernelOptions {
  /** Number of outputs of each window: channels of the output. */
  filters: number;
  /** Height and width of the window. */
  kernelSize: PairOption;
  /** Steps of the window. Default: 1. */
  strides?: PairOption;
  /** `'same'` adds zeros around, so that strides of 1 keep the size. Default: `'valid'`. */
  padding?: Padding;
  /** Distance of the window's pixels; more than 1 only with strides of 1. Default: 1. */
  dilationRate?: PairOption;
  /** Number of groups into which input and output channels are split, each convolved by itself. Default: 1. */
  groups?: number;
}

const schema = {
  filters: wholeNumber(1),
  kernelSize: pair,
  strides: orElse(pair, [1, 1]),
  padding,
  dilationRate: orElse(pair, [1, 1]),
  groups: orElse(wholeNumber(1), 1),
  ...kernelSchema,
} satisfies SchemaOf<Conv2DOptions, LayerOptions>;

/**
 * Slides a window over images: `activation(convolution(x, kernel) + bias)`.
 *
 * Input [batch, height, width, channels], output [batch, new height, new width, filters]. Weights: kernel
 * [kernel height, kernel width, channels / groups, filters], bias [filters].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images, smaller than the window, or its channels
 *   cannot be grouped
 * @example
 * layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] });
 */
export class Conv2D extends KernelLayer<typeof schema> {
  static readonly className = 'Conv2D';

  constructor(options: Conv2DOptions) {
    super(options, schema);
    const { filters, groups } = this.options;
    if (filters % groups !== 0) throw this.optionError('groups', `a divisor of ${filters} filters`, groups);
    checkSteps(this.options, (option, expected, received) => this.optionError(option, expected, received));
  }

  protected override build(inputShape: Shape): void {
    const { filters, kernelSize, groups } = this.options;
    this.addKernel([...kernelSize, inputShape[3]! / groups, filters], filters);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return this.finish(conv2d(input, this.kernel, this.options));
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { filters, kernelSize: size, groups, ...window } = this.options;
    const refuse = (problem: string, expected: string) => this.shapeError(problem, expected, inputShape);
    if (channelsOf(inputShape, refuse) % groups !== 0) {
      throw refuse('cannot group its inputs', `channels in ${groups} equal groups`);
    }
    return slide(inputShape, { size, ...window }, filters, refuse);
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { kernelSize: size, ...window } = this.options;
    return seenBy({ size, ...window }, output, input);
  }
}
