import { abs } from '../ops/elementwise.js';
import { number, orElse, type SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { Regularizer } from './regularizer.js';

/** What {@link L1L2} takes. */
export interface L1L2Options {
  /** Factor of the sum of absolute values, 0 or more. Default: 0. */
  l1?: number;
  /** Factor of the sum of squares, 0 or more. Default: 0. */
  l2?: number;
}

const factor = number('0 or more', (v) => v >= 0);
const schema = { l1: orElse(factor, 0), l2: orElse(factor, 0) } satisfies SchemaOf<L1L2Options>;

/**
 * Penalizes `l1 * sum(|w|) + l2 * sum(w^2)`.
 *
 * @example
 * layers.dense({ units: 64, kernelRegularizer: regularizers.l1l2({ l1: 1e-5, l2: 1e-4 }) });
 */
export class L1L2 extends Regularizer<typeof schema> {
  static readonly className = 'L1L2';

  constructor(options: L1L2Options = {}) {
    super(schema, options);
  }

  penalty(weight: tf.Tensor): tf.Tensor {
    const { l1, l2 } = this.options;
    return abs(weight).sum().mul(l1).add(weight.square().sum().mul(l2));
  }
}
