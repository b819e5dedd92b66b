import { type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import { ScaledInitializer, type Scaling } from './scaled-initializer.js';

const schema = { seed } satisfies SchemaOf<RandomInitializerOptions>;

/**
 * Draws from a truncated normal distribution of variance 2 / (fanIn + fanOut).
 *
 * Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 */
export class GlorotNormal extends ScaledInitializer<typeof schema> {
  static readonly className = 'GlorotNormal';
  protected readonly scaling: Scaling = { scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' };

  constructor(options: RandomInitializerOptions = {}) {
    super(schema, options);
  }
}
