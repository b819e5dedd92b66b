import { Configured, type Schema } from '../options.js';
import type * as tf from '../tf.js';

/** A penalty on the size of a weight, added to the loss. */
export abstract class Regularizer<S extends Schema = Schema> extends Configured<S> {
  /** @param schema the options that the class has. @throws CnnError UNKNOWN_NAME, INVALID_ARGUMENT */
  protected constructor(schema: S, options: object = {}) {
    super(`regularizer ${new.target.name}`, schema, options);
  }

  /** @returns a scalar */
  abstract penalty(weight: tf.Tensor): tf.Tensor;
}
