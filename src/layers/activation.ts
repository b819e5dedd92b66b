import type { ActivationIdentifier } from '../activations/get.js';
import type { SchemaOf } from '../options.js';
import type * as tf from '../tf.js';
import { ElementwiseLayer } from './elementwise-layer.js';
import type { LayerOptions } from './layer.js';
import * as kinds from './options.js';

/** What {@link Activation} takes. */
export interface ActivationOptions extends LayerOptions {
  /** The name of an activation, or a function of a tensor. */
  activation: ActivationIdentifier;
}

const schema = { activation: kinds.activation } satisfies SchemaOf<ActivationOptions, LayerOptions>;

/**
 * Applies an activation: the output has the shape of the input.
 *
 * @example
 * layers.activation({ activation: 'relu' });
 */
export class Activation extends ElementwiseLayer<typeof schema> {
  static readonly className = 'Activation';

  constructor(options: ActivationOptions) {
    super(options, schema);
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return this.options.activation(input);
  }
}
