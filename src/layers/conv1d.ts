import { conv2d } from '../ops/conv2d.js';
import { placesOf, reachOf } from '../ops/window.js';
import { oneOf, orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { KernelLayer, type KernelOptions, kernelSchema } from './kernel-layer.js';
import type { LayerOptions } from './layer.js';

/** What {@link Conv1D} takes. */
export interface Conv1DOptions extends KernelOptions {
  /** Number of outputs of each window: channels of the output. */
  filters: number;
  /** Length of the window. */
  kernelSize: number;
  /** Steps of the window. Default: 1. */
  strides?: number;
  /** `'same'` adds zeros on both sides, `'causal'` in front only. Default: `'valid'`. */
  padding?: 'valid' | 'same' | 'causal';
  /** Distance of the window's elements; more than 1 only with strides of 1. Default: 1. */
  dilationRate?: number;
  /** Number of groups into which input and output channels are split, each convolved by itself. Default: 1. */
  groups?: number;
}

const schema = {
  filters: wholeNumber(1),
  kernelSize: wholeNumber(1),
  strides: orElse(wholeNumber(1), 1),
  padding: orElse(oneOf('valid', 'same', 'causal'), 'valid'),
  dilationRate: orElse(wholeNumber(1), 1),
  groups: orElse(wholeNumber(1), 1),
  ...kernelSchema,
} satisfies SchemaOf<Conv1DOptions, LayerOptions>;

/**
 * Slides a window over sequences: `activation(convolution(x, kernel) + bias)`.
 *
 * Input [batch, steps, channels], output [batch, new steps, filters]. Weights: kernel
 * [kernel size, channels / groups, filters], bias [filters].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of sequences, shorter than the window, or its channels
 *   cannot be grouped
 * @example
 * layers.conv1d({ filters: 16, kernelSize: 5, padding: 'causal', inputShape: [100, 3] });
 */
export class Conv1D extends KernelLayer<typeof schema> {
  static readonly className = 'Conv1D';

  constructor(options: Conv1DOptions) {
    super(options, schema);
    const { filters, groups, strides, dilationRate } = this.options;
    if (filters % groups !== 0) throw this.optionError('groups', `a divisor of ${filters} filters`, groups);
    if (strides > 1 && dilationRate > 1) {
      throw this.optionError('dilationRate', '1, as strides are more than 1', dilationRate);
    }
  }

  protected override build(inputShape: Shape): void {
    const { filters, kernelSize, groups } = this.options;
    this.addKernel([kernelSize, inputShape[2]! / groups, filters], filters);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const { strides, padding, dilationRate, groups } = this.options;
    const isCausal = padding === 'causal';
    const steps = isCausal
      ? tf.pad(input, [
          [0, 0],
          [this.reach, 0],
          [0, 0],
        ])
      : input;
    // As images of height 1.
    const y = conv2d(steps.expandDims(1), this.kernel.expandDims(0), {
      strides: [1, strides],
      padding: isCausal ? 'valid' : padding,
      dilationRate: [1, dilationRate],
      groups,
    });
    return this.finish(y.squeeze([1]));
  }

  /** Steps before the last that a window sees. */
  private get reach(): number {
    return (this.options.kernelSize - 1) * this.options.dilationRate;
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { filters, kernelSize, strides, padding, dilationRate, groups } = this.options;
    const [batch, steps, channels] = inputShape as [number | null, number | null, number | null];
    if (inputShape.length !== 3 || channels === null) {
      throw this.shapeError('takes sequences', '[batch, steps, channels] with known channels', inputShape);
    }
    if (channels % groups !== 0) {
      throw this.shapeError('cannot group its inputs', `channels in ${groups} equal groups`, inputShape);
    }
    const isCausal = padding === 'causal';
    const window = { size: kernelSize, stride: strides, dilation: dilationRate };
    const seen = isCausal && steps !== null ? steps + this.reach : steps;
    const places = placesOf(seen, window, isCausal ? 'valid' : padding);
    if (places === 0) {
      throw this.shapeError(
        'has a window that does not fit in',
        `${this.reach + 1} steps or more`,
        inputShape,
      );
    }
    return [batch, places, filters];
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { kernelSize: size, strides: stride, padding, dilationRate: dilation } = this.options;
    if (padding === 'same') return input;
    const seen = reachOf(output[1]!, { size, stride, dilation });
    return [input[0]!, padding === 'causal' ? seen - this.reach : seen, input[2]!];
  }
}
