import { conv2dTranspose } from '../ops/conv2d-transpose.js';
import { type Padding, placesOf } from '../ops/window.js';
import { optional, orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { KernelLayer, type KernelOptions, kernelSchema } from './kernel-layer.js';
import type { LayerOptions } from './layer.js';
import { channelsOf, type PairOption, padding, pair, pairOf } from './spatial.js';

/** What {@link Conv2DTranspose} takes. */
export interface Conv2DTransposeOptions extends KernelOptions {
  /** Channels of the output. */
  filters: number;
  /** Height and width of the window. */
  kernelSize: PairOption;
  /** By how much the image grows. Default: 1. */
  strides?: PairOption;
  /** `'same'` makes an image of size * strides. Default: `'valid'`. */
  padding?: Padding;
  /** Which of the sizes that the convolution takes to the input's: less than strides. Default: as Keras. */
  outputPadding?: PairOption;
}

const schema = {
  filters: wholeNumber(1),
  kernelSize: pair,
  strides: orElse(pair, [1, 1]),
  padding,
  outputPadding: optional(pairOf(0)),
  ...kernelSchema,
} satisfies SchemaOf<Conv2DTransposeOptions, LayerOptions>;

/**
 * The transpose of a convolution: enlarges images by strides, with learned weights.
 *
 * Input [batch, height, width, channels], output [batch, new height, new width, filters]. Weights: kernel
 * [kernel height, kernel width, filters, channels], bias [filters].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images
 * @example
 * layers.conv2dTranspose({ filters: 32, kernelSize: 3, strides: 2, padding: 'same' }); // twice the size
 */
export class Conv2DTranspose extends KernelLayer<typeof schema> {
  static readonly className = 'Conv2DTranspose';

  constructor(options: Conv2DTransposeOptions) {
    super(options, schema);
    const { outputPadding, strides } = this.options;
    if (outputPadding?.some((zeros, i) => zeros >= strides[i]!)) {
      throw this.optionError('outputPadding', `less than strides of ${strides}`, outputPadding);
    }
  }

  protected override build(inputShape: Shape): void {
    const { filters, kernelSize } = this.options;
    this.addKernel([...kernelSize, filters, inputShape[3]!], filters);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const shape = this.computeOutputShape(input.shape) as number[];
    return this.finish(conv2dTranspose(input, this.kernel, shape, this.options));
  }

  computeOutputShape(inputShape: Shape): Shape {
    const refuse = (problem: string, expected: string) => this.shapeError(problem, expected, inputShape);
    channelsOf(inputShape, refuse);
    const [batch, height, width] = inputShape as [null, number | null, number | null];
    return [batch, this.grow(height, 0, refuse), this.grow(width, 1, refuse), this.options.filters];
  }

  /** Keras's rule for the size of the output along an axis. */
  private grow(
    extent: number | null,
    axis: 0 | 1,
    refuse: (problem: string, expected: string) => Error,
  ): number | null {
    if (extent === null) return null;
    const { kernelSize, strides, padding: pad, outputPadding } = this.options;
    const [size, stride, more] = [kernelSize[axis], strides[axis], outputPadding?.[axis]];
    const grown =
      pad === 'valid'
        ? (extent - 1) * stride + size + (more ?? Math.max(stride - size, 0))
        : more === undefined
          ? extent * stride
          : (extent - 1) * stride + (size % 2) + more;
    if (placesOf(grown, { size, stride }, pad) === extent) return grown;
    throw refuse('has an outputPadding that no convolution undoes', `another one than ${outputPadding}`);
  }
}
