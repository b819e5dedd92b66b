import { abs } from '../ops/elementwise.js';
import { number, orElse, type SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { Regularizer } from './regularizer.js';

/** What {@link L1} takes. */
export interface L1Options {
  /** Factor, 0 or more. Default: 0.01. */
  l1?: number;
}

const schema = {
  l1: orElse(
    number('0 or more', (v) => v >= 0),
    0.01,
  ),
} satisfies SchemaOf<L1Options>;

/**
 * Penalizes `l1 * sum(|w|)`: drives weights to zero.
 *
 * @example
 * layers.dense({ units: 64, kernelRegularizer: regularizers.l1({ l1: 1e-5 }) });
 */
export class L1 extends Regularizer<typeof schema> {
  static readonly className = 'L1';

  constructor(options: L1Options = {}) {
    super(schema, options);
  }

  penalty(weight: tf.Tensor): tf.Tensor {
    return abs(weight).sum().mul(this.options.l1);
  }
}
