import { number, orElse, type SchemaOf, seed } from '../options.js';
import type { SeedGenerator } from '../runtime/random.js';
import type * as tf from '../tf.js';
import { RandomInitializer, type RandomInitializerOptions } from './random-initializer.js';

/** What {@link TruncatedNormal} takes. */
export interface TruncatedNormalOptions extends RandomInitializerOptions {
  /** Default: 0. */
  mean?: number;
  /** Standard deviation before the cut, 0 or more. Default: 0.05. */
  stddev?: number;
}

const schema = {
  mean: orElse(number(), 0),
  stddev: orElse(
    number('0 or more', (v) => v >= 0),
    0.05,
  ),
  seed,
} satisfies SchemaOf<TruncatedNormalOptions>;

/**
 * Draws from a normal distribution, redrawn where further than two standard deviations from the mean.
 *
 * @example
 * initializers.truncatedNormal({ stddev: 0.01, seed: 7 }).initialize([784, 10]);
 */
export class TruncatedNormal extends RandomInitializer<typeof schema> {
  static readonly className = 'TruncatedNormal';

  constructor(options: TruncatedNormalOptions = {}) {
    super(schema, options);
  }

  protected draw(shape: number[], random: SeedGenerator): tf.Tensor {
    return random.truncatedNormal(shape, this.options.mean, this.options.stddev);
  }
}
