import type { ActivationIdentifier } from '../activations/get.js';
import type { InitializerIdentifier } from '../initializers/get.js';
import { biasAdd } from '../ops/bias-add.js';
import { matMul } from '../ops/mat-mul.js';
import { flag, orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { activation, initializer, regularizer } from './options.js';

export interface DenseOptions extends LayerOptions {
  /** Number of outputs. */
  units: number;
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

const schema = {
  units: wholeNumber(1),
  activation,
  useBias: orElse(flag, true),
  kernelInitializer: initializer('glorotUniform'),
  biasInitializer: initializer('zeros'),
  kernelRegularizer: regularizer,
  biasRegularizer: regularizer,
} satisfies SchemaOf<DenseOptions, LayerOptions>;

/**
 * Connects every input with every output: `activation(x · kernel + bias)`.
 *
 * Input [batch, ..., inputs], output [batch, ..., units]. Weights: kernel [inputs, units], bias [units].
 *
 * @throws CnnError SHAPE_MISMATCH when the last axis is unknown, or there is none
 * @example
 * layers.dense({ units: 512, activation: 'relu', inputShape: [784] });
 */
export class Dense extends Layer<typeof schema> {
  static readonly className = 'Dense';
  private kernel!: Variable;
  private bias: Variable | undefined;

  constructor(options: DenseOptions) {
    super(options, schema);
  }

  protected override build(inputShape: Shape): void {
    const { units, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } =
      this.options;
    this.kernel = this.addWeight({
      name: 'kernel',
      shape: [inputShape.at(-1)!, units],
      initializer: kernelInitializer,
      regularizer: kernelRegularizer,
    });
    if (!useBias) return;
    this.bias = this.addWeight({
      name: 'bias',
      shape: [units],
      initializer: biasInitializer,
      regularizer: biasRegularizer,
    });
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const inputs = input.shape.at(-1)!;
    const rows = input.rank === 2 ? input : input.reshape([-1, inputs]);
    const product = matMul(rows, this.kernel.read());
    const sums = this.bias === undefined ? product : biasAdd(product, this.bias.read());
    const { units, activation: activate } = this.options;
    return activate(input.rank === 2 ? sums : sums.reshape([...input.shape.slice(0, -1), units]));
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length < 2 || inputShape.at(-1) === null) {
      throw this.shapeError('needs to know its number of inputs', '[batch, ..., inputs]', inputShape);
    }
    return [...inputShape.slice(0, -1), this.options.units];
  }
}
