import type { OptionKind, SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

/** What {@link Permute} takes. */
export interface PermuteOptions extends LayerOptions {
  /** The axes of a sample, counted from 1, in their new order. */
  dims: readonly number[];
}

const dims: OptionKind<readonly number[]> = {
  expected: 'the whole numbers from 1 on, each once',
  read(value, refuse) {
    const isPermutation = Array.isArray(value) && value.every((_, i) => value.includes(i + 1));
    return isPermutation ? (value as number[]) : refuse();
  },
  write: (value) => [...value],
};

const schema = { dims } satisfies SchemaOf<PermuteOptions, LayerOptions>;

/**
 * Puts the axes of each sample in another order.
 *
 * @throws CnnError SHAPE_MISMATCH when a sample has another number of axes
 * @example
 * layers.permute({ dims: [2, 1] }); // [null, 3, 4] becomes [null, 4, 3]
 */
export class Permute extends Layer<typeof schema> {
  static readonly className = 'Permute';

  constructor(options: PermuteOptions) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.transpose([0, ...this.options.dims]);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { dims: order } = this.options;
    if (inputShape.length !== order.length + 1) {
      throw this.shapeError('permutes other axes', `samples of rank ${order.length}`, inputShape);
    }
    return [inputShape[0]!, ...order.map((axis) => inputShape[axis]!)];
  }
}
