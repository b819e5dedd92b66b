import { CnnError } from '../errors.js';
import { number, orElse, type SchemaOf } from '../options.js';
import { formatShape } from '../shape.js';
import * as tf from '../tf.js';
import { Initializer } from './initializer.js';

/** What {@link Identity} takes. */
export interface IdentityOptions {
  /** What the diagonal holds. Default: 1. */
  gain?: number;
}

const schema = { gain: orElse(number(), 1) } satisfies SchemaOf<IdentityOptions>;

/**
 * The identity matrix, times a gain; cut, or filled with zeros, where it is not square.
 *
 * @throws CnnError SHAPE_MISMATCH for a weight that is no matrix
 * @example
 * initializers.identity({ gain: 2 }).initialize([2, 2]); // [[2, 0], [0, 2]]
 */
export class Identity extends Initializer<typeof schema> {
  static readonly className = 'Identity';

  constructor(options: IdentityOptions = {}) {
    super(schema, options);
  }

  initialize(shape: readonly number[]): tf.Tensor {
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length !== 2) {
      throw new CnnError('SHAPE_MISMATCH', 'the identity initializer makes matrices', {
        expected: 'a shape of rank 2',
        received: formatShape(shape),
      });
    }
    return tf.tidy(() => tf.eye(rows, columns).mul(this.options.gain));
  }
}
