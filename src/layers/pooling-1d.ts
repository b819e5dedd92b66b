import { type Padding, placesOf, reachOf } from '../ops/window.js';
import { optional, orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { padding } from './spatial.js';

/** What pooling layers take. */
export interface Pooling1DOptions extends LayerOptions {
  /** Length of the window. Default: 2. */
  poolSize?: number;
  /** Steps of the window. Default: its length. */
  strides?: number;
  /** `'same'` lets windows reach over the edge; what is there does not count. Default: `'valid'`. */
  padding?: Padding;
}

const schema = {
  poolSize: orElse(wholeNumber(1), 2),
  strides: optional(wholeNumber(1)),
  padding,
} satisfies SchemaOf<Pooling1DOptions, LayerOptions>;

/** Makes one number of each window of each channel. */
export abstract class Pooling1D extends Layer<typeof schema> {
  constructor(options: Pooling1DOptions = {}) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  /** One number of each window. */
  protected abstract pool(
    images: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: Padding,
  ): tf.Tensor;

  protected call(input: tf.Tensor): tf.Tensor {
    const { poolSize, strides = poolSize, padding: pad } = this.options;
    // As images of height 1.
    return this.pool(input.expandDims(1), [1, poolSize], [1, strides], pad).squeeze([1]);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { poolSize: size, strides: stride = size, padding: pad } = this.options;
    const [batch, steps, channels] = inputShape as [number | null, number | null, number | null];
    if (inputShape.length !== 3) {
      throw this.shapeError('takes sequences', '[batch, steps, channels]', inputShape);
    }
    const places = placesOf(steps, { size, stride }, pad);
    if (places === 0) {
      throw this.shapeError('has a window that does not fit in', `${size} steps or more`, inputShape);
    }
    return [batch, places, channels];
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { poolSize: size, strides: stride = size, padding: pad } = this.options;
    return pad === 'same' ? input : [input[0]!, reachOf(output[1]!, { size, stride }), input[2]!];
  }
}
