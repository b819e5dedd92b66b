import { type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import { ScaledInitializer, type Scaling } from './scaled-initializer.js';

const schema = { seed } satisfies SchemaOf<RandomInitializerOptions>;

/**
 * Draws from a truncated normal distribution of variance 2 / fanIn: for layers followed by ReLU.
 *
 * Source: He et al. 2015, https://arxiv.org/abs/1502.01852.
 */
export class HeNormal extends ScaledInitializer<typeof schema> {
  static readonly className = 'HeNormal';
  protected readonly scaling: Scaling = { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' };

  constructor(options: RandomInitializerOptions = {}) {
    super(schema, options);
  }
}
