import { softmax } from '../activations/softmax.js';
import { number, orElse, type SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

/** What {@link Softmax} takes. */
export interface SoftmaxOptions extends LayerOptions {
  /** Negative ones count from the end. Default: -1. */
  axis?: number;
}

const schema = {
  axis: orElse(number('a whole number', Number.isInteger), -1),
} satisfies SchemaOf<SoftmaxOptions, LayerOptions>;

/**
 * `exp(x) / sum(exp(x))` along an axis. A loss that gets the result computes from `x`, which is stable.
 *
 * @throws CnnError SHAPE_MISMATCH when there is no such axis
 * @example
 * layers.softmax();
 */
export class Softmax extends Layer<typeof schema> {
  static readonly className = 'Softmax';

  constructor(options: SoftmaxOptions = {}) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    const { axis } = this.options;
    return axis !== 0 && axis !== -(this.inputShape?.length ?? 0);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return softmax(input, this.options);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { axis } = this.options;
    if (axis >= inputShape.length || axis < -inputShape.length) {
      throw this.shapeError('has no such axis', `more than ${axis} axes`, inputShape);
    }
    return inputShape;
  }
}
