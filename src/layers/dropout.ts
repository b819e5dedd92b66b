import { dropout } from '../ops/dropout.js';
import { number, type OptionKind, optional, type SchemaOf, seed, wholeNumber } from '../options.js';
import { SeedGenerator } from '../runtime/random.js';
import type { Variable } from '../runtime/variable.js';
import { formatShape, isCompatible, type Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { type CallContext, Layer, type LayerOptions } from './layer.js';

/** What {@link Dropout} takes. */
export interface DropoutOptions extends LayerOptions {
  /** The probability that an element is set to zero, from 0 to 1. */
  rate: number;
  /** Shape of the mask, batch first: 1 where all along an axis share their fate, null for the input's size. Default: the input's shape. */
  noiseShape?: readonly (number | null)[];
  /** A whole number from 0 to 2^31 - 1; the same seed gives the same sequence of masks. Default: a new one. */
  seed?: number;
}

const extent = optional(wholeNumber(1));
const noiseShape: OptionKind<readonly (number | undefined)[]> = {
  expected: 'a shape, batch first',
  read: (value, refuse) => (Array.isArray(value) ? value.map((v) => extent.read(v, refuse)) : refuse()),
  write: (value) => value.map(extent.write),
};

const schema = {
  rate: number('a number from 0 to 1', (v) => v >= 0 && v <= 1),
  noiseShape: optional(noiseShape),
  seed,
} satisfies SchemaOf<DropoutOptions, LayerOptions>;

/**
 * In training, sets a random fraction of the elements to zero, anew at every call, and scales the others by
 * `1 / (1 - rate)`; else changes nothing.
 *
 * Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html.
 *
 * @throws CnnError INVALID_ARGUMENT for a rate out of range
 * @example
 * layers.dropout({ rate: 0.2 });
 */
export class Dropout extends Layer<typeof schema> {
  static readonly className = 'Dropout';
  private readonly random: SeedGenerator | undefined;

  constructor(options: DropoutOptions) {
    super(options, schema);
    const { rate, seed: given } = this.options;
    if (rate > 0) this.random = new SeedGenerator(given);
  }

  override get stateVariables(): readonly Variable[] {
    return this.random === undefined ? [] : [this.random.state];
  }

  override isPerSample(): boolean {
    return this.options.noiseShape?.[0] !== 1;
  }

  protected call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training || this.random === undefined) return input.clone();
    const shape = this.options.noiseShape?.map((size, axis) => size ?? input.shape[axis]!);
    return dropout(input, this.options.rate, this.random, shape);
  }

  computeOutputShape(inputShape: Shape): Shape {
    const shape = this.options.noiseShape?.map((size) => (size === undefined || size === 1 ? null : size));
    if (shape !== undefined && !isCompatible(inputShape, shape)) {
      throw this.shapeError('has a noiseShape that does not fit', formatShape(shape), inputShape);
    }
    return inputShape;
  }
}
