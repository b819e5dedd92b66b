import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import { native } from './native.js';
import { nativeOp } from './op.js';
import { Variable } from './variable.js';

/**
 * A stream of random numbers: a seed and a counter, kept in a variable. Draws are stateless functions of both
 * (Philox), so the same seed gives the same numbers, in traced functions and out of them, and a checkpoint can
 * hold the state.
 *
 * @example
 * const random = new SeedGenerator(42);
 * const mask = random.uniform([2, 3]);
 */
export class SeedGenerator {
  /** int32 [seed, number of draws so far]. */
  readonly state: Variable;

  /** @param seed a whole number from 0 to 2^31 - 1; drawn by `randomSeed` where none is given */
  constructor(seed: number = randomSeed()) {
    checkSeed(seed);
    const initial = tf.tensor1d([seed, 0], 'int32');
    this.state = new Variable(initial, { name: 'seed_generator_state', trainable: false });
    initial.dispose();
  }

  /**
   * The seed of one draw, for stateless ops: int32 [2], another one at every call. The second number counts up, so
   * adding 2^30 to it gives a seed that no other draw has.
   */
  next(): tf.Tensor {
    return this.draw((seed) => seed);
  }

  /** Uniform numbers in [minimum, maximum), float32. */
  uniform(shape: number[], minimum = 0, maximum = 1): tf.Tensor {
    return this.draw((seed) =>
      scaled(stateless('StatelessRandomUniform', shape, seed), maximum - minimum, minimum),
    );
  }

  /** Normal numbers, float32. */
  normal(shape: number[], mean = 0, stddev = 1): tf.Tensor {
    return this.draw((seed) => scaled(stateless('StatelessRandomNormal', shape, seed), stddev, mean));
  }

  /** Normal numbers redrawn where further than two standard deviations from the mean, float32. */
  truncatedNormal(shape: number[], mean = 0, stddev = 1): tf.Tensor {
    return this.draw((seed) => scaled(stateless('StatelessTruncatedNormal', shape, seed), stddev, mean));
  }

  /** Releases its state. */
  dispose(): void {
    this.state.dispose();
  }

  private draw(sample: (seed: tf.Tensor) => tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const seed = this.state.read();
      this.state.assignAdd(tf.tensor1d([0, 1], 'int32'));
      return sample(seed);
    });
  }
}

let nextSeed: number | undefined;

/**
 * Fixes every seed that is not given from here on: initial weights, dropout, shuffling (Keras: set_random_seed).
 *
 * @param seed a whole number from 0 to 2^31 - 1
 * @throws CnnError INVALID_ARGUMENT
 */
export function setRandomSeed(seed: number): void {
  checkSeed(seed);
  nextSeed = seed;
}

/** A seed for something that was given none: the next after `setRandomSeed`, else a random one. */
export function randomSeed(): number {
  if (nextSeed === undefined) return Math.floor(Math.random() * 2 ** 31);
  // A step of the golden ratio: consecutive seeds share few bits.
  nextSeed = (nextSeed + 0x9e3779b1) % 2 ** 31;
  return nextSeed;
}

/** What `setRandomSeed` has to be given for the same seeds to follow as now; undefined where they are random. */
export function randomSeedPlace(): number | undefined {
  return nextSeed;
}

function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return;
  throw new CnnError('INVALID_ARGUMENT', 'the seed is out of range', {
    argument: 'seed',
    expected: 'a whole number from 0 to 2147483647',
    received: String(seed),
  });
}

function scaled(values: tf.Tensor, factor: number, offset: number): tf.Tensor {
  const product = factor === 1 ? values : values.mul(factor);
  return offset === 0 ? product : product.add(offset);
}

type Distribution = 'StatelessRandomUniform' | 'StatelessRandomNormal' | 'StatelessTruncatedNormal';

/** Draws from [0, 1), or from the standard normal distribution. */
function stateless(distribution: Distribution, shape: number[], seed: tf.Tensor): tf.Tensor {
  if (native() !== undefined) {
    return nativeOp(distribution, [tf.tensor1d(shape, 'int32'), seed], { dtype: 'float32' })[0]!;
  }
  const [first, second] = seed.dataSync();
  // One whole number from both, exact up to 2^22 draws; not 0, which tfjs takes for no seed at all.
  const key = first! * 2 ** 22 + (second! % 2 ** 22) + 1;
  if (distribution === 'StatelessRandomUniform') return tf.randomUniform(shape, 0, 1, 'float32', key);
  if (distribution === 'StatelessRandomNormal') return tf.randomNormal(shape, 0, 1, 'float32', key);
  return tf.truncatedNormal(shape, 0, 1, 'float32', key);
}
