import { type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

/** What {@link RepeatVector} takes. */
export interface RepeatVectorOptions extends LayerOptions {
  /** How often each vector comes. */
  n: number;
}

const schema = { n: wholeNumber(1) } satisfies SchemaOf<RepeatVectorOptions, LayerOptions>;

/**
 * Makes a sequence of one vector, n times: input [batch, features], output [batch, n, features].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of vectors
 * @example
 * layers.repeatVector({ n: 3 }); // [null, 32] becomes [null, 3, 32]
 */
export class RepeatVector extends Layer<typeof schema> {
  static readonly className = 'RepeatVector';

  constructor(options: RepeatVectorOptions) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.expandDims(1).tile([1, this.options.n, 1]);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const [batch, features] = inputShape as [number | null, number | null];
    if (inputShape.length !== 2) throw this.shapeError('takes vectors', '[batch, features]', inputShape);
    return [batch, this.options.n, features];
  }
}
