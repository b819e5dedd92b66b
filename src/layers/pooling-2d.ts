import type { Padding } from '../ops/window.js';
import { optional, orElse, type SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { type PairOption, padding, pair, seenBy, slide } from './spatial.js';

/** What pooling layers take. */
export interface Pooling2DOptions extends LayerOptions {
  /** Height and width of the window. Default: 2. */
  poolSize?: PairOption;
  /** Steps of the window. Default: its size. */
  strides?: PairOption;
  /** `'same'` lets windows reach over the edge; what is there does not count. Default: `'valid'`. */
  padding?: Padding;
}

const schema = {
  poolSize: orElse(pair, [2, 2]),
  strides: optional(pair),
  padding,
} satisfies SchemaOf<Pooling2DOptions, LayerOptions>;

/** Makes one number of each window of each channel. */
export abstract class Pooling2D extends Layer<typeof schema> {
  constructor(options: Pooling2DOptions = {}) {
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
    return this.pool(input as tf.Tensor4D, [...poolSize], [...strides], pad);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { poolSize: size, strides = size, padding: pad } = this.options;
    return slide(
      inputShape,
      { size, strides, padding: pad },
      inputShape.at(-1) ?? null,
      (problem, expected) => this.shapeError(problem, expected, inputShape),
    );
  }

  override inputFor(output: Shape, input: Shape): Shape {
    const { poolSize: size, strides = size, padding: pad } = this.options;
    return seenBy({ size, strides, padding: pad }, output, input);
  }
}
