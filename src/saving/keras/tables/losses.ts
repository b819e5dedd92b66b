import type { ClassSchema, ClassTable } from '../class-table.js';
import { flag, type Kind, nullable, number, text, whole, word } from '../kinds.js';

const reductions = word('sumOverBatchSize', 'sum', 'mean', 'meanWithSampleWeight', 'none');
const reduction: Kind = {
  ...reductions,
  read: (value, place) => (value === null ? 'none' : reductions.read(value, place)),
};

function loss(own: Readonly<Record<string, Kind>> = {}, fixed: ClassSchema['fixed'] = {}): ClassSchema {
  return { arguments: { ...own, name: text, reduction }, fixed: { ...fixed, dtype: [null, 'float32'] } };
}

const crossentropy = { fromLogits: flag, labelSmoothing: number, axis: whole };

/** Keras leaves `delta` of Huber and `axis` of CosineSimilarity out of what it writes, and takes them in what it reads. */
export const LOSSES: ClassTable = {
  kind: 'loss',
  module: 'keras.losses',
  classes: {
    BinaryCrossentropy: loss(crossentropy),
    CategoricalCrossentropy: loss(crossentropy),
    CategoricalHinge: loss(),
    CosineSimilarity: loss({ axis: whole }),
    Hinge: loss(),
    Huber: loss({ delta: number }),
    KLDivergence: loss(),
    LogCosh: loss(),
    MeanAbsoluteError: loss(),
    MeanAbsolutePercentageError: loss(),
    MeanSquaredError: loss(),
    MeanSquaredLogarithmicError: loss(),
    Poisson: loss(),
    SparseCategoricalCrossentropy: loss({ fromLogits: flag, ignoreClass: nullable(whole) }, { axis: [-1] }),
    SquaredHinge: loss(),
  },
};
