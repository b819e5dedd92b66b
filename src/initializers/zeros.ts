import * as tf from '../tf.js';
import { Initializer } from './initializer.js';

/**
 * All zeros: Keras's default for biases.
 *
 * @example
 * initializers.zeros().initialize([2]); // [0, 0]
 */
export class Zeros extends Initializer {
  static readonly className = 'Zeros';
  static readonly aliases = ['zero'];

  constructor() {
    super({});
  }

  initialize(shape: readonly number[]): tf.Tensor {
    return tf.zeros([...shape]);
  }
}
