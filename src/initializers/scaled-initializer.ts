import type { OptionKind, Schema } from '../options.js';
import type { SeedGenerator } from '../runtime/random.js';
import type * as tf from '../tf.js';
import { RandomInitializer } from './random-initializer.js';

/** What the variance is divided by: the number of inputs of a unit, of its outputs, or their mean. */
export type FanMode = 'fanIn' | 'fanOut' | 'fanAvg';

/** What is drawn from: a normal distribution cut at two standard deviations or not, or a uniform one. */
export type ScaledDistribution = 'truncatedNormal' | 'untruncatedNormal' | 'uniform';

/** How a weight's variance follows from its shape: `scale / fan`. */
export interface Scaling {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: ScaledDistribution;
}

/** The standard deviation that is left of a standard normal distribution cut at two of them. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/** An initializer whose variance follows from the shape: so that signals keep their size from layer to layer. */
export abstract class ScaledInitializer<
  S extends Schema & { readonly seed: OptionKind<number | undefined> },
> extends RandomInitializer<S> {
  /** How the variance follows from the shape. */
  protected abstract readonly scaling: Scaling;

  protected draw(shape: number[], random: SeedGenerator): tf.Tensor {
    const { scale, mode, distribution } = this.scaling;
    const { fanIn, fanOut } = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const stddev = Math.sqrt(scale / Math.max(1, fan));
    switch (distribution) {
      case 'truncatedNormal':
        return random.truncatedNormal(shape, 0, stddev / TRUNCATED_STDDEV);
      case 'untruncatedNormal':
        return random.normal(shape, 0, stddev);
      case 'uniform': {
        const limit = Math.sqrt(3) * stddev;
        return random.uniform(shape, -limit, limit);
      }
    }
  }
}

/** Inputs and outputs of a unit: of a matrix its rows and columns; of a kernel [..., in, out] times its field. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}
