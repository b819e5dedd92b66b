import { number, orElse, type SchemaOf, seed } from '../options.js';
import type { SeedGenerator } from '../runtime/random.js';
import type * as tf from '../tf.js';
import { RandomInitializer, type RandomInitializerOptions } from './random-initializer.js';

/** What {@link RandomNormal} takes. */
export interface RandomNormalOptions extends RandomInitializerOptions {
  /** Default: 0. */
  mean?: number;
  /** Standard deviation, 0 or more. Default: 0.05. */
  stddev?: number;
}

const schema = {
  mean: orElse(number(), 0),
  stddev: orElse(
    number('0 or more', (v) => v >= 0),
    0.05,
  ),
  seed,
} satisfies SchemaOf<RandomNormalOptions>;

/**
 * Draws from a normal distribution.
 *
 * @example
 * initializers.randomNormal({ stddev: 0.01, seed: 7 }).initialize([784, 10]);
 */
export class RandomNormal extends RandomInitializer<typeof schema> {
  static readonly className = 'RandomNormal';
  static readonly aliases = ['normal'];

  constructor(options: RandomNormalOptions = {}) {
    super(schema, options);
  }

  protected draw(shape: number[], random: SeedGenerator): tf.Tensor {
    return random.normal(shape, this.options.mean, this.options.stddev);
  }
}
