/** What is measured, and how much of it. */

export interface Size {
  readonly samples: number;
  /** Passes over the samples; for `predict` and `load`, which have none, 0. */
  readonly epochs: number;
}

export interface Workload {
  readonly title: string;
  /** What a peer is asked for: training and a score, single predictions and many, reading files. */
  readonly task: 'train' | 'predict' | 'load';
  /** As the peers call it. */
  readonly model?: 'softmax' | 'mlp' | 'cnn' | 'wide' | 'deep';
  readonly batch: number;
  /** Digits of MNIST, or generated pictures in colour. */
  readonly data: 'mnist' | 'pictures';
  readonly precision?: 'mixed_bfloat16';
  readonly full: Size;
  /** Left out of the quick round where missing. */
  readonly quick?: Size;
  /** How far the final loss of a peer may be from the middle of all, as a share of it. */
  readonly lossTolerance: number;
}

/** So few that an epoch takes seconds. */
const pictures = { full: { samples: 2560, epochs: 3 }, quick: { samples: 640, epochs: 2 } };

const table = {
  mlp: {
    title: 'MLP 784-512-512-10, dropout 0.2, Adam',
    ...{ task: 'train', model: 'mlp', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ full: { samples: 55_000, epochs: 3 }, quick: { samples: 11_000, epochs: 2 } },
  },
  cnn: {
    title: 'CNN 32c3-p2-64c3-p2-d.5-10, Adam',
    ...{ task: 'train', model: 'cnn', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ full: { samples: 55_000, epochs: 2 }, quick: { samples: 5500, epochs: 2 } },
  },
  deep: {
    title: 'Deep CNN with batch normalization, six convolutions, 32x32x3, Adam',
    ...{ task: 'train', model: 'deep', batch: 32, data: 'pictures', lossTolerance: 0.15, ...pictures },
  },
  predict: {
    title: 'Inference: the MLP',
    ...{ task: 'predict', model: 'mlp', batch: 1024, data: 'mnist', lossTolerance: 0 },
    ...{ full: { samples: 10_000, epochs: 0 }, quick: { samples: 10_000, epochs: 0 } },
  },
  load: {
    title: 'Loading: MNIST from its four IDX files; 2,000 digits from a CSV file',
    ...{ task: 'load', batch: 0, data: 'mnist', lossTolerance: 0 },
    ...{ full: { samples: 2000, epochs: 0 }, quick: { samples: 2000, epochs: 0 } },
  },
  process: {
    title: 'Whole process, from command to test score: the MLP',
    ...{ task: 'train', model: 'mlp', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ full: { samples: 55_000, epochs: 3 }, quick: { samples: 55_000, epochs: 1 } },
  },
  softmax: {
    title: 'Softmax regression 784-10, SGD 0.5',
    ...{ task: 'train', model: 'softmax', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ full: { samples: 55_000, epochs: 5 } },
  },
  'mlp-bfloat16': {
    title: 'MLP 784-512-512-10, dropout 0.2, Adam, mixed_bfloat16',
    ...{ task: 'train', model: 'mlp', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ precision: 'mixed_bfloat16', full: { samples: 55_000, epochs: 3 } },
  },
  'cnn-bfloat16': {
    title: 'CNN 32c3-p2-64c3-p2-d.5-10, Adam, mixed_bfloat16',
    ...{ task: 'train', model: 'cnn', batch: 128, data: 'mnist', lossTolerance: 0.1 },
    ...{ precision: 'mixed_bfloat16', full: { samples: 55_000, epochs: 2 } },
  },
  'wide-32': {
    title: 'Wide MLP 784-2048-2048-10, batches of 32, Adam',
    ...{ task: 'train', model: 'wide', batch: 32, data: 'mnist', lossTolerance: 0.2 },
    ...{ full: { samples: 8000, epochs: 2 } },
  },
  'wide-1024': {
    title: 'Wide MLP 784-2048-2048-10, batches of 1,024, Adam',
    ...{ task: 'train', model: 'wide', batch: 1024, data: 'mnist', lossTolerance: 0.1 },
    ...{ full: { samples: 20_480, epochs: 3 } },
  },
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof table;
export const workloads: Readonly<Record<WorkloadName, Workload>> = table;
/** In the order in which they are run: a round that is cut short has the most telling ones. */
export const workloadNames = Object.keys(table) as WorkloadName[];
