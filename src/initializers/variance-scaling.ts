import { number, oneOf, orElse, type SchemaOf, seed } from '../options.js';
import type { RandomInitializerOptions } from './random-initializer.js';
import {
  type FanMode,
  type ScaledDistribution,
  ScaledInitializer,
  type Scaling,
} from './scaled-initializer.js';

/** What {@link VarianceScaling} takes. */
export interface VarianceScalingOptions extends RandomInitializerOptions {
  /** Factor of the variance, positive. Default: 1. */
  scale?: number;
  /** Default: `'fanIn'`. */
  mode?: FanMode;
  /** Default: `'truncatedNormal'`. */
  distribution?: ScaledDistribution;
}

const schema = {
  scale: orElse(
    number('more than 0', (v) => v > 0),
    1,
  ),
  mode: orElse(oneOf('fanIn', 'fanOut', 'fanAvg'), 'fanIn'),
  distribution: orElse(oneOf('truncatedNormal', 'untruncatedNormal', 'uniform'), 'truncatedNormal'),
  seed,
} satisfies SchemaOf<VarianceScalingOptions>;

/**
 * Draws with variance `scale / fan`, the fan being the number of a unit's inputs, outputs, or their mean.
 *
 * Source: Keras's `VarianceScaling`.
 *
 * @example
 * initializers.varianceScaling({ scale: 2, mode: 'fanOut', distribution: 'uniform' });
 */
export class VarianceScaling extends ScaledInitializer<typeof schema> {
  static readonly className = 'VarianceScaling';
  protected readonly scaling: Scaling = this.options;

  constructor(options: VarianceScalingOptions = {}) {
    super(schema, options);
  }
}
