import { number, orElse, type SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { Regularizer } from './regularizer.js';

/** What {@link L2} takes. */
export interface L2Options {
  /** Factor, 0 or more. Default: 0.01. */
  l2?: number;
}

const schema = {
  l2: orElse(
    number('0 or more', (v) => v >= 0),
    0.01,
  ),
} satisfies SchemaOf<L2Options>;

/**
 * Penalizes `l2 * sum(w^2)`: keeps weights small.
 *
 * @example
 * layers.dense({ units: 64, kernelRegularizer: regularizers.l2({ l2: 1e-4 }) });
 */
export class L2 extends Regularizer<typeof schema> {
  static readonly className = 'L2';

  constructor(options: L2Options = {}) {
    super(schema, options);
  }

  penalty(weight: tf.Tensor): tf.Tensor {
    return weight.square().sum().mul(this.options.l2);
  }
}
