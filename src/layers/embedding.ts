import type { InitializerIdentifier } from '../initializers/get.js';
import { rowsOf } from '../ops/rows.js';
import { type SchemaOf, wholeNumber } from '../options.js';
import type { RegularizerIdentifier } from '../regularizers/get.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { initializer, regularizer } from './options.js';

/** What {@link Embedding} takes. */
export interface EmbeddingOptions extends LayerOptions {
  /** Number of different indices: 0 to inputDim - 1. */
  inputDim: number;
  /** Length of the vector of an index. */
  outputDim: number;
  /** Default: `'randomUniform'`. */
  embeddingsInitializer?: InitializerIdentifier;
  /** Default: none. */
  embeddingsRegularizer?: RegularizerIdentifier;
}

const schema = {
  inputDim: wholeNumber(1),
  outputDim: wholeNumber(1),
  embeddingsInitializer: initializer('randomUniform'),
  embeddingsRegularizer: regularizer,
} satisfies SchemaOf<EmbeddingOptions, LayerOptions>;

/**
 * Turns indices into learned vectors: input [batch, ...], whole numbers; output [batch, ..., outputDim].
 *
 * Weight: embeddings [inputDim, outputDim]. An index out of range is an error on libtensorflow's CPU.
 *
 * @example
 * layers.embedding({ inputDim: 10000, outputDim: 64, inputShape: [20] });
 */
export class Embedding extends Layer<typeof schema> {
  static readonly className = 'Embedding';
  private embeddings!: Variable;

  constructor(options: EmbeddingOptions) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected override build(_inputShape: Shape): void {
    const { inputDim, outputDim, embeddingsInitializer, embeddingsRegularizer } = this.options;
    this.embeddings = this.addWeight({
      name: 'embeddings',
      shape: [inputDim, outputDim],
      initializer: embeddingsInitializer,
      regularizer: embeddingsRegularizer,
    });
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return rowsOf(this.embeddings.read(), input.toInt());
  }

  computeOutputShape(inputShape: Shape): Shape {
    return [...inputShape, this.options.outputDim];
  }
}
