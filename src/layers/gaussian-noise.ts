import { untracked } from '../ops/differentiable.js';
import { number, type SchemaOf, seed } from '../options.js';
import { SeedGenerator } from '../runtime/random.js';
import type { Variable } from '../runtime/variable.js';
import type { Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { type CallContext, Layer, type LayerOptions } from './layer.js';

/** What {@link GaussianNoise} takes. */
export interface GaussianNoiseOptions extends LayerOptions {
  /** Standard deviation, 0 or more. */
  stddev: number;
  /** A whole number from 0 to 2^31 - 1; the same seed gives the same sequence. Default: a new one. */
  seed?: number;
}

const schema = {
  stddev: number('0 or more', (v) => v >= 0),
  seed,
} satisfies SchemaOf<GaussianNoiseOptions, LayerOptions>;

/**
 * In training, adds random numbers of mean 0, anew at every call; else changes nothing.
 *
 * @throws CnnError INVALID_ARGUMENT for a negative deviation
 * @example
 * layers.gaussianNoise({ stddev: 0.1 });
 */
export class GaussianNoise extends Layer<typeof schema> {
  static readonly className = 'GaussianNoise';
  private readonly random: SeedGenerator;

  constructor(options: GaussianNoiseOptions) {
    super(options, schema);
    this.random = new SeedGenerator(this.options.seed);
  }

  override isPerSample(): boolean {
    return true;
  }

  override get stateVariables(): readonly Variable[] {
    return [this.random.state];
  }

  protected call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training) return input.clone();
    return input.add(untracked(() => this.random.normal(input.shape, 0, this.options.stddev)));
  }

  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
