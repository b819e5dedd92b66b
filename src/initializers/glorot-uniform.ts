import { type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import { ScaledInitializer, type Scaling } from './scaled-initializer.js';

const schema = { seed } satisfies SchemaOf<RandomInitializerOptions>;

/**
 * Draws evenly from ±sqrt(6 / (fanIn + fanOut)): Keras's default for kernels.
 *
 * Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 */
export class GlorotUniform extends ScaledInitializer<typeof schema> {
  static readonly className = 'GlorotUniform';
  protected readonly scaling: Scaling = { scale: 1, mode: 'fanAvg', distribution: 'uniform' };

  constructor(options: RandomInitializerOptions = {}) {
    super(schema, options);
  }
}
