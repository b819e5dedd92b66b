import { relu } from '../activations/relu.js';
import { number, optional, orElse, type SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { ElementwiseLayer } from './elementwise-layer.js';
import type { LayerOptions } from './layer.js';

/** What {@link ReLU} takes. */
export interface ReLUOptions extends LayerOptions {
  /** Where the output stops growing, 0 or more. Default: nowhere. */
  maxValue?: number;
  /** Slope below the threshold, 0 or more. Default: 0. */
  negativeSlope?: number;
  /** Where the output starts to grow, 0 or more. Default: 0. */
  threshold?: number;
}

const atLeastZero = number('0 or more', (v) => v >= 0);
const schema = {
  maxValue: optional(atLeastZero),
  negativeSlope: orElse(atLeastZero, 0),
  threshold: orElse(atLeastZero, 0),
} satisfies SchemaOf<ReLUOptions, LayerOptions>;

/**
 * `max(x, 0)`, or with options: `min(x, maxValue)` from the threshold on, `negativeSlope * (x - threshold)` below.
 *
 * @example
 * layers.reLU({ maxValue: 6 });
 */
export class ReLU extends ElementwiseLayer<typeof schema> {
  static readonly className = 'ReLU';

  constructor(options: ReLUOptions = {}) {
    super(options, schema);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return relu(input, this.options);
  }
}
