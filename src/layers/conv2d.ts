import { conv2d } from '../ops/conv2d.js';
import type { Padding } from '../ops/window.js';
import { orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { KernelLayer, type KernelOptions, kernelSchema } from './kernel-layer.js';
import type { LayerOptions } from './layer.js';
import { IMAGES, type PairOption, padding, pair, slide } from './spatial.js';

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
    const { filters, groups, strides, dilationRate } = this.options;
    if (filters % groups !== 0) throw this.optionError('groups', `a divisor of ${filters} filters`, groups);
    if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1) {
      throw this.optionError('dilationRate', '1, as strides are more than 1', dilationRate);
    }
  }

  protected override build(inputShape: Shape): void {
    const { filters, kernelSize, groups } = this.options;
    this.addKernel([...kernelSize, inputShape[3]! / groups, filters], filters);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return this.finish(conv2d(input, this.kernel, this.options));
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { filters, kernelSize, strides, dilationRate, groups } = this.options;
    const channels = inputShape[3] ?? 0;
    if (inputShape.length !== 4 || channels === 0) {
      throw this.shapeError('takes images', `${IMAGES} with known channels`, inputShape);
    }
    if (channels % groups !== 0) {
      throw this.shapeError('cannot group its inputs', `channels in ${groups} equal groups`, inputShape);
    }
    const [rows, columns] = [0, 1].map((i) => ({
      size: kernelSize[i]!,
      stride: strides[i]!,
      dilation: dilationRate[i]!,
    }));
    const shape = slide(inputShape, [rows!, columns!], this.options.padding, filters);
    if (shape === undefined) {
      throw this.shapeError(
        'has a window that does not fit in',
        `images of ${kernelSize} or more`,
        inputShape,
      );
    }
    return shape;
  }
}
