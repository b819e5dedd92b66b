import { number, orElse, type SchemaOf, seed } from '../options.js';
import type { SeedGenerator } from '../runtime/random.js';
import type * as tf from '../tf.js';
import { RandomInitializer, type RandomInitializerOptions } from './random-initializer.js';

/** What {@link RandomUniform} takes. */
export interface RandomUniformOptions extends RandomInitializerOptions {
  /** The least value. Default: -0.05. */
  minval?: number;
  /** The limit above, not drawn itself. Default: 0.05. */
  maxval?: number;
}

const schema = {
  minval: orElse(number(), -0.05),
  maxval: orElse(number(), 0.05),
  seed,
} satisfies SchemaOf<RandomUniformOptions>;

/**
 * Draws evenly from [minval, maxval).
 *
 * @example
 * initializers.randomUniform({ minval: -1, maxval: 1 }).initialize([3]);
 */
export class RandomUniform extends RandomInitializer<typeof schema> {
  static readonly className = 'RandomUniform';
  static readonly aliases = ['uniform'];

  constructor(options: RandomUniformOptions = {}) {
    super(schema, options);
  }

  protected draw(shape: number[], random: SeedGenerator): tf.Tensor {
    return random.uniform(shape, this.options.minval, this.options.maxval);
  }
}
