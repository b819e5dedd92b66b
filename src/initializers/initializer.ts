import { Configured, type Schema } from '../options.js';
import type * as tf from '../tf.js';

/** Makes the first value of a weight. */
export abstract class Initializer<S extends Schema = Schema> extends Configured<S> {
  /** @param schema the options that the class has. @throws CnnError UNKNOWN_NAME, INVALID_ARGUMENT */
  protected constructor(schema: S, options: object = {}) {
    super(`initializer ${new.target.name}`, schema, options);
  }

  /** @returns a new float32 tensor; the same initializer makes the same one again */
  abstract initialize(shape: readonly number[]): tf.Tensor;
}
