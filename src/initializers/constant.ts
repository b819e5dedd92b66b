import { number, orElse, type SchemaOf } from '../options.js';
import * as tf from '../tf.js';
import { Initializer } from './initializer.js';

/** What {@link Constant} takes. */
export interface ConstantOptions {
  /** The value of every element. Default: 0. */
  value?: number;
}

const schema = { value: orElse(number(), 0) } satisfies SchemaOf<ConstantOptions>;

/**
 * The same value everywhere.
 *
 * @example
 * initializers.constant({ value: 0.1 }).initialize([2]); // [0.1, 0.1]
 */
export class Constant extends Initializer<typeof schema> {
  static readonly className = 'Constant';

  constructor(options: ConstantOptions = {}) {
    super(schema, options);
  }

  initialize(shape: readonly number[]): tf.Tensor {
    return tf.fill([...shape], this.options.value);
  }
}
