import { type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import { ScaledInitializer, type Scaling } from './scaled-initializer.js';

const schema = { seed } satisfies SchemaOf<RandomInitializerOptions>;

/**
 * Draws evenly from ±sqrt(3 / fanIn).
 *
 * Source: LeCun et al. 1998, "Efficient BackProp"; Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
 */
export class LecunUniform extends ScaledInitializer<typeof schema> {
  static readonly className = 'LecunUniform';
  protected readonly scaling: Scaling = { scale: 1, mode: 'fanIn', distribution: 'uniform' };

  constructor(options: RandomInitializerOptions = {}) {
    super(schema, options);
  }
}
