import type { ActivationIdentifier } from '../activations/get.js';
import type { InitializerIdentifier } from '../initializers/get.js';
import { biasAdd } from '../ops/bias-add.js';
import { flag, type OptionValues, orElse, type Schema, type SchemaOf } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { activation, initializer, regularizer } from './options.js';

/** What every layer with a kernel and a bias takes. */
export interface KernelOptions extends LayerOptions {
  /** Applied to the outputs. Default: none. */
  activation?: ActivationIdentifier;
  /** Whether to add a bias. Default: true. */
  useBias?: boolean;
  /** Default: `'glorotUniform'`. */
  kernelInitializer?: InitializerIdentifier;
  /** Default: `'zeros'`. */
  biasInitializer?: InitializerIdentifier;
  /** Default: none. */
  kernelRegularizer?: RegularizerIdentifier;
  /** Default: none. */
  biasRegularizer?: RegularizerIdentifier;
}

export const kernelSchema = {
  activation,
  useBias: orElse(flag, true),
  kernelInitializer: initializer('glorotUniform'),
  biasInitializer: initializer('zeros'),
  kernelRegularizer: regularizer,
  biasRegularizer: regularizer,
} satisfies SchemaOf<KernelOptions, LayerOptions>;

/** A layer with a kernel and a bias: `activation(product(x, kernel) + bias)`. */
export abstract class KernelLayer<S extends Schema & typeof kernelSchema> extends Layer<S> {
  private kernelWeight: Variable | undefined;
  private bias: Variable | undefined;

  private get kernelOptions(): OptionValues<typeof kernelSchema> {
    return this.options as OptionValues<typeof kernelSchema>;
  }

  /** Makes the weights; to be called from `build`. */
  protected addKernel(shape: readonly number[], outputs: number): void {
    const options = this.kernelOptions;
    this.kernelWeight = this.addWeight({
      name: 'kernel',
      shape,
      initializer: options.kernelInitializer,
      regularizer: options.kernelRegularizer,
    });
    if (!options.useBias) return;
    this.bias = this.addWeight({
      name: 'bias',
      shape: [outputs],
      initializer: options.biasInitializer,
      regularizer: options.biasRegularizer,
    });
  }

  protected get kernel(): tf.Tensor {
    return this.kernelWeight!.read();
  }

  /** Bias and activation, for a product of rank 2 or more. */
  protected finish(product: tf.Tensor): tf.Tensor {
    const sums = this.bias === undefined ? product : biasAdd(product, this.bias.read());
    return this.kernelOptions.activation(sums);
  }
}
