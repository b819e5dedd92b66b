import { leakyRelu } from '../activations/relu.js';
import { number, orElse, type SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { ElementwiseLayer } from './elementwise-layer.js';
import type { LayerOptions } from './layer.js';

/** What {@link LeakyReLU} takes. */
export interface LeakyReLUOptions extends LayerOptions {
  /** Slope below 0, 0 or more. Default: 0.3. */
  negativeSlope?: number;
}

const schema = {
  negativeSlope: orElse(
    number('0 or more', (v) => v >= 0),
    0.3,
  ),
} satisfies SchemaOf<LeakyReLUOptions, LayerOptions>;

/**
 * `x` where positive, else `negativeSlope * x`: units that cannot die.
 *
 * Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models".
 *
 * @example
 * layers.leakyReLU({ negativeSlope: 0.1 });
 */
export class LeakyReLU extends ElementwiseLayer<typeof schema> {
  static readonly className = 'LeakyReLU';

  constructor(options: LeakyReLUOptions = {}) {
    super(options, schema);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return leakyRelu(input, this.options);
  }
}
