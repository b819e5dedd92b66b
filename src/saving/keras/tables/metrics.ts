import type { ClassSchema, ClassTable } from '../class-table.js';
import { flag, type Kind, nullable, number, onlyOurs, text, whole } from '../kinds.js';

function metric(own: Readonly<Record<string, Kind>> = {}, fixed: ClassSchema['fixed'] = {}): ClassSchema {
  return { arguments: { ...own, name: text }, fixed: { ...fixed, dtype: [null, 'float32'] } };
}

/** The mean of a loss; Keras's metrics have no reduction, and ours takes none. */
function meanOf(own: Readonly<Record<string, Kind>> = {}, fixed: ClassSchema['fixed'] = {}): ClassSchema {
  return metric({ ...own, reduction: onlyOurs() }, fixed);
}

const fromLogits = flag;
const labelSmoothing = number;
const ofOneClass = { top_k: [null], class_id: [null] };

export const METRICS: ClassTable = {
  kind: 'metric',
  module: 'keras.metrics',
  classes: {
    Accuracy: metric(),
    AUC: metric(
      { numThresholds: whole },
      {
        curve: ['ROC'],
        summation_method: ['interpolation'],
        multi_label: [false],
        num_labels: [null],
        label_weights: [null],
        from_logits: [false],
      },
    ),
    BinaryAccuracy: metric({ threshold: number }),
    BinaryCrossentropy: meanOf({ fromLogits, labelSmoothing, axis: onlyOurs(-1) }),
    CategoricalAccuracy: metric(),
    CategoricalCrossentropy: meanOf({ fromLogits, labelSmoothing, axis: whole }),
    CategoricalHinge: meanOf(),
    CosineSimilarity: metric({ axis: whole }),
    Hinge: meanOf(),
    KLDivergence: meanOf(),
    LogCosh: { ...meanOf(), kerasClass: 'LogCoshError' },
    LogCoshError: meanOf(),
    Mean: metric(),
    MeanAbsoluteError: meanOf(),
    MeanAbsolutePercentageError: meanOf(),
    MeanSquaredError: meanOf(),
    MeanSquaredLogarithmicError: meanOf(),
    Poisson: meanOf(),
    Precision: metric({ thresholds: nullable(number) }, ofOneClass),
    Recall: metric({ thresholds: nullable(number) }, ofOneClass),
    RootMeanSquaredError: metric(),
    SparseCategoricalAccuracy: metric(),
    SparseCategoricalCrossentropy: meanOf({ fromLogits, ignoreClass: nullable(whole) }, { axis: [-1] }),
    SparseTopKCategoricalAccuracy: metric({ k: whole }),
    SquaredHinge: meanOf(),
    Sum: metric(),
    TopKCategoricalAccuracy: metric({ k: whole }),
  },
};
