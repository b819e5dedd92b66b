import * as tf from '../tf.js';
import { Initializer } from './initializer.js';

/**
 * All ones: the first scale of normalization layers.
 *
 * @example
 * initializers.ones().initialize([2]); // [1, 1]
 */
export class Ones extends Initializer {
  static readonly className = 'Ones';
  static readonly aliases = ['one'];

  constructor() {
    super({});
  }

  initialize(shape: readonly number[]): tf.Tensor {
    return tf.ones([...shape]);
  }
}
