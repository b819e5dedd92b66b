/** What `cnn train` does with a model of the zoo unless it is told otherwise. */
export interface Recipe {
  /** One line for help texts. */
  readonly summary: string;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
}

/**
 * How the models of the zoo are trained. Data only, apart from the models themselves, so that a help text can be
 * printed without loading what computes.
 */
export const recipes = {
  softmax: {
    summary: 'softmax regression, 784-10: 7,850 parameters',
    optimizer: 'sgd',
    learningRate: 0.5,
    batchSize: 128,
    epochs: 10,
  },
  mlp: {
    summary: 'two hidden layers, 784-512-512-10, with dropout: 669,706 parameters',
    optimizer: 'adam',
    learningRate: 0.001,
    batchSize: 128,
    epochs: 10,
  },
  cnn: {
    summary: 'two convolutions of 3 x 3, 32 and 64 filters, with pooling and dropout: 34,826 parameters',
    optimizer: 'adam',
    learningRate: 0.003,
    batchSize: 128,
    epochs: 12,
  },
} as const satisfies Record<string, Recipe>;

/** A name that `--model` knows. */
export type ZooName = keyof typeof recipes;

/** What every model of the zoo takes. */
export interface ZooOptions {
  /** Shape of one image. Default: `[28, 28]`. */
  inputShape?: readonly number[];
  /** Number of classes. Default: 10. */
  classes?: number;
}
