import type { InitializerIdentifier } from '../initializers/get.js';
import type { OptionValues, Schema, SchemaOf } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import { BiasLayer, type BiasOptions, biasSchema } from './bias-layer.js';
import type { LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';

/** What every layer with one kernel and a bias takes. */
export interface KernelOptions extends BiasOptions {
  /** Default: `'glorotUniform'`. */
  kernelInitializer?: InitializerIdentifier;
  /** Default: none. */
  kernelRegularizer?: RegularizerIdentifier;
}

export const kernelSchema = {
  ...biasSchema,
  kernelInitializer: initializer('glorotUniform'),
  kernelRegularizer: regularizer,
} satisfies SchemaOf<KernelOptions, LayerOptions>;

/** A layer with a kernel and a bias: `activation(product(x, kernel) + bias)`. */
export abstract class KernelLayer<S extends Schema & typeof kernelSchema> extends BiasLayer<S> {
  private kernelWeight: Variable | undefined;

  /**
   * Makes the weights; to be called from `build`.
   *
   * @param columnParts as for a Variable, of kernel and bias. Default: 1
   */
  protected addKernel(shape: readonly number[], outputs: number, columnParts?: number): void {
    const options = this.options as OptionValues<typeof kernelSchema>;
    this.kernelWeight = this.addWeight({
      name: 'kernel',
      shape,
      initializer: options.kernelInitializer,
      regularizer: options.kernelRegularizer,
      columnParts,
    });
    this.addBias(outputs, columnParts);
  }

  /** The kernel's value now. */
  protected get kernel(): tf.Tensor {
    return this.kernelWeight!.read();
  }

  /** Whether the kernel is kept in groups of columns. */
  protected get hasKernelInParts(): boolean {
    return this.kernelWeight!.parts.length > 1;
  }

  /** The values of its parts now. */
  protected get kernelParts(): tf.Tensor[] {
    return this.kernelWeight!.readParts();
  }
}
