import type { OptionKind, Schema } from '../options.js';
import { randomSeed, SeedGenerator } from '../runtime/random.js';
import * as tf from '../tf.js';
import { Initializer } from './initializer.js';

/** What every random initializer takes. */
export interface RandomInitializerOptions {
  /** A whole number from 0 to 2^31 - 1; the same seed gives the same weights. Default: a new one. */
  seed?: number;
}

/** A schema with the seed that every random initializer has. */
type WithSeed = Schema & { readonly seed: OptionKind<number | undefined> };

/** An initializer that draws. */
export abstract class RandomInitializer<S extends WithSeed = WithSeed> extends Initializer<S> {
  /** The seed of its draws, given or drawn. */
  readonly seed: number;

  protected constructor(schema: S, options: object = {}) {
    super(schema, options);
    this.seed = (this.options as { seed?: number }).seed ?? randomSeed();
  }

  /** The tensor of a shape, by draws from `random`. */
  protected abstract draw(shape: number[], random: SeedGenerator): tf.Tensor;

  initialize(shape: readonly number[]): tf.Tensor {
    const random = new SeedGenerator(this.seed);
    try {
      return tf.tidy(() => this.draw([...shape], random));
    } finally {
      random.dispose();
    }
  }
}
