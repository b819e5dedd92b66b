import type { ClassSchema, ClassTable } from '../class-table.js';
import { nullable, number, whole, word } from '../kinds.js';

const seed = nullable(whole);
/** Axes of a kernel in another order than usual: for sharing models over machines. */
const fixed = { input_axes: [null], output_axes: [null] };
const scaled: ClassSchema = { arguments: { seed }, fixed };
const constant: ClassSchema = { arguments: {} };

export const INITIALIZERS: ClassTable = {
  kind: 'initializer',
  module: 'keras.initializers',
  classes: {
    Constant: { arguments: { value: number } },
    GlorotNormal: scaled,
    GlorotUniform: scaled,
    HeNormal: scaled,
    HeUniform: scaled,
    Identity: { arguments: { gain: number } },
    LecunNormal: scaled,
    LecunUniform: scaled,
    Ones: constant,
    Orthogonal: { arguments: { gain: number, seed } },
    RandomNormal: { arguments: { mean: number, stddev: number, seed } },
    RandomUniform: { arguments: { minval: number, maxval: number, seed } },
    TruncatedNormal: { arguments: { mean: number, stddev: number, seed } },
    VarianceScaling: {
      arguments: {
        scale: number,
        mode: word('fanIn', 'fanOut', 'fanAvg'),
        distribution: word('truncatedNormal', 'untruncatedNormal', 'uniform'),
        seed,
      },
      fixed,
    },
    Zeros: constant,
  },
};
