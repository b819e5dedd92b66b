import { type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import { ScaledInitializer, type Scaling } from './scaled-initializer.js';

const schema = { seed } satisfies SchemaOf<RandomInitializerOptions>;

/**
 * Draws from a truncated normal distribution of variance 1 / fanIn: for layers followed by SELU.
 *
 * Source: LeCun et al. 1998, "Efficient BackProp"; Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
 */
export class LecunNormal extends ScaledInitializer<typeof schema> {
  static readonly className = 'LecunNormal';
  protected readonly scaling: Scaling = { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' };

  constructor(options: RandomInitializerOptions = {}) {
    super(schema, options);
  }
}
