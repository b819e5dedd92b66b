import { concatColumns } from '../ops/argument.js';
import { matMul } from '../ops/mat-mul.js';
import { type SchemaOf, wholeNumber } from '../options.js';
import { lanes } from '../runtime/threads.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { KernelLayer, type KernelOptions, kernelSchema } from './kernel-layer.js';
import type { BatchForm, CallContext, LayerOptions } from './layer.js';

/** What {@link Dense} takes. */
export interface DenseOptions extends KernelOptions {
  /** Number of outputs. */
  units: number;
}

/** Elements of a kernel from which on each core takes some of its columns; smaller products are not worth sharing. */
const SHARED_ELEMENTS = 2 ** 16;
/** Columns that a core takes at least: products with fewer use it badly. */
const FEWEST_COLUMNS = 32;

const schema = { units: wholeNumber(1), ...kernelSchema } satisfies SchemaOf<DenseOptions, LayerOptions>;

/**
 * Connects every input with every output: `activation(x · kernel + bias)`.
 *
 * Input [batch, ..., inputs], output [batch, ..., units]. Weights: kernel [inputs, units], bias [units].
 *
 * @throws CnnError SHAPE_MISMATCH when the last axis is unknown, or there is none
 * @example
 * layers.dense({ units: 512, activation: 'relu', inputShape: [784] });
 */
export class Dense extends KernelLayer<typeof schema> {
  static readonly className = 'Dense';

  constructor(options: DenseOptions) {
    super(options, schema);
  }

  protected override build(inputShape: Shape): void {
    const { units } = this.options;
    const inputs = inputShape.at(-1)!;
    const isShared = inputs * units >= SHARED_ELEMENTS && units >= FEWEST_COLUMNS;
    const columnParts = isShared ? Math.min(lanes(), Math.floor(units / FEWEST_COLUMNS)) : 1;
    this.addKernel([inputs, units], units, columnParts);
  }

  override batchForm({ training }: CallContext): BatchForm {
    if (!this.isBuilt || !this.hasKernelInParts) return 'either';
    // Columns of a kernel are updated where their gradients are; where none are, rows need not be put together.
    return training ? 'whole' : 'parts';
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const rows = input.rank === 2 ? input : input.reshape([-1, input.shape.at(-1)!]);
    const products = this.kernelParts.map((kernel) => matMul(rows, kernel));
    if (input.rank === 2) return this.finishColumns(products);
    return this.finish(concatColumns(products).reshape([...input.shape.slice(0, -1), this.options.units]));
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length < 2 || inputShape.at(-1) === null) {
      throw this.shapeError('needs to know its number of inputs', '[batch, ..., inputs]', inputShape);
    }
    return [...inputShape.slice(0, -1), this.options.units];
  }
}
