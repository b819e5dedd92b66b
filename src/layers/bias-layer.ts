import { type ActivationIdentifier, isElementwise } from '../activations/get.js';
import type { InitializerIdentifier } from '../initializers/get.js';
import { concatColumns } from '../ops/argument.js';
import { biasAdd } from '../ops/bias-add.js';
import { flag, type OptionValues, orElse, type Schema, type SchemaOf } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { activation, initializer, regularizer } from './options.js';

/** What every layer with a bias and an activation takes. */
export interface BiasOptions extends LayerOptions {
  /** Applied to the outputs. Default: none. */
  activation?: ActivationIdentifier;
  /** Whether to add a bias. Default: true. */
  useBias?: boolean;
  /** Default: `'zeros'`. */
  biasInitializer?: InitializerIdentifier;
  /** Default: none. */
  biasRegularizer?: RegularizerIdentifier;
}

export const biasSchema = {
  activation,
  useBias: orElse(flag, true),
  biasInitializer: initializer('zeros'),
  biasRegularizer: regularizer,
} satisfies SchemaOf<BiasOptions, LayerOptions>;

/** A layer that ends in a bias and an activation: `activation(product + bias)`. */
export abstract class BiasLayer<S extends Schema & typeof biasSchema> extends Layer<S> {
  private bias: Variable | undefined;

  private get biasOptions(): OptionValues<typeof biasSchema> {
    return this.options as OptionValues<typeof biasSchema>;
  }

  override isPerSample(): boolean {
    return true;
  }

  /** Makes the bias, if there is to be one; to be called at the end of `build`. */
  protected addBias(outputs: number, columnParts?: number): void {
    const { useBias, biasInitializer, biasRegularizer } = this.biasOptions;
    if (!useBias) return;
    this.bias = this.addWeight({
      name: 'bias',
      shape: [outputs],
      initializer: biasInitializer,
      regularizer: biasRegularizer,
      columnParts,
    });
  }

  /** Bias and activation, for a product of rank 2 or more. */
  protected finish(product: tf.Tensor): tf.Tensor {
    const sums = this.bias === undefined ? product : biasAdd(product, this.bias.read());
    return this.biasOptions.activation(sums);
  }

  /** As `finish`, for a product in groups of columns: those of the bias, where it is in as many parts. */
  protected finishColumns(products: readonly tf.Tensor[]): tf.Tensor {
    const { activation } = this.biasOptions;
    const biases = this.bias?.readParts() ?? products.map(() => undefined);
    if (biases.length !== products.length) return this.finish(concatColumns(products));
    const sums = products.map((product, i) =>
      biases[i] === undefined ? product : biasAdd(product, biases[i]),
    );
    return isElementwise(activation) ? concatColumns(sums.map(activation)) : activation(concatColumns(sums));
  }
}
