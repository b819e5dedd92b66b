import { throwIfAborted } from '../abort.js';
import type { Callback } from '../callbacks/callback.js';
import type { Dataset } from '../datasets/dataset.js';
import { type ProfileOptions, Profiler } from '../profile/profiler.js';
import type { History } from './history.js';
import type { Model } from './model.js';
import { type ProgressStream, VERBOSITIES, type Verbosity } from './progress.js';
import { requireCount, requireKnown, requireList, requireOneOf } from './requirements.js';
import type { ArrayLike } from './source.js';
import { TrainingData } from './training-data.js';
import { TrainingLoop } from './training-loop.js';

/** What `fit` takes beside the data. */
export interface FitOptions {
  /** Samples in one step. Default: 32. */
  batchSize?: number;
  /** Number of the last epoch. Default: 1. */
  epochs?: number;
  /** Number of the first epoch, from 0; for a run that goes on. Default: 0. */
  initialEpoch?: number;
  /** New random order each epoch. Default: true. */
  shuffle?: boolean;
  /** Fixes the order of samples: a whole number from 0 on. Default: from `setRandomSeed`, else random. */
  seed?: number;
  /** Fraction of the data, its last part before shuffling, that is held out for validation. */
  validationSplit?: number;
  /** Data to score after each epoch. */
  validationData?: Dataset | readonly [x: ArrayLike, y: ArrayLike, sampleWeight?: ArrayLike];
  /** Epochs between validations. Default: 1. */
  validationFreq?: number;
  /** Default: `batchSize`. */
  validationBatchSize?: number;
  /** A weight for each sample. */
  sampleWeight?: ArrayLike;
  /** A weight for each class: `{ 0: 1, 1: 5 }`. Classes left out weigh 1. */
  classWeight?: Readonly<Record<number, number>>;
  /** Called as training goes on, in this order. */
  callbacks?: readonly Callback[];
  /** 0 silent, 1 a progress bar, 2 one line an epoch. Default: 1. */
  verbose?: Verbosity;
  /** Where the progress goes. Default: standard error. */
  stream?: ProgressStream;
  /** Stops training after the current step; `fit` then throws ABORTED, the model keeping what it has learned. */
  signal?: AbortSignal;
  /**
   * Whether to profile some steps once training is warm: writes `trace.json`, which chrome://tracing and Perfetto show,
   * and prints where a step's time goes. On libtensorflow only; `fit` throws UNSUPPORTED elsewhere. Default: false.
   */
  profile?: boolean | ProfileOptions;
}

const NAMES: Readonly<Record<keyof FitOptions, true>> = {
  batchSize: true,
  epochs: true,
  initialEpoch: true,
  shuffle: true,
  seed: true,
  validationSplit: true,
  validationData: true,
  validationFreq: true,
  validationBatchSize: true,
  sampleWeight: true,
  classWeight: true,
  callbacks: true,
  verbose: true,
  stream: true,
  signal: true,
  profile: true,
};

const PROFILE_NAMES: Readonly<Record<keyof ProfileOptions, true>> = {
  steps: true,
  path: true,
  onProfile: true,
};

/** Trains a compiled model; the body of `Model.fit`. */
export async function fit(model: Model, x: ArrayLike, y: ArrayLike, options: FitOptions): Promise<History> {
  requireKnown('fit', options, NAMES);
  const { batchSize = 32, epochs = 1, initialEpoch = 0, validationFreq = 1, profile = false } = options;
  const { validationBatchSize = batchSize, verbose = 1, callbacks = [], seed = 0 } = options;
  requireCount('batchSize', batchSize, 1);
  requireCount('epochs', epochs, 1);
  requireCount('initialEpoch', initialEpoch, 0);
  requireCount('validationFreq', validationFreq, 1);
  requireCount('validationBatchSize', validationBatchSize, 1);
  requireCount('seed', seed, 0);
  requireOneOf('verbose', verbose, VERBOSITIES);
  requireList('callbacks', callbacks);
  if (typeof profile === 'object') requireProfileOptions(profile);
  throwIfAborted(options.signal, 'training was stopped before it began');
  const data = TrainingData.place(model, x, y, options);
  const profiler =
    profile === false ? undefined : new Profiler(profile === true ? {} : profile, model.layers);
  const told = profiler === undefined ? callbacks : [...callbacks, profiler];
  try {
    model.optimizer.build(model.trainableWeights);
    return await new TrainingLoop(model, data, { ...options, callbacks: told }).run();
  } finally {
    profiler?.dispose();
    data.dispose();
  }
}

function requireProfileOptions(options: ProfileOptions): void {
  requireKnown('profile', options, PROFILE_NAMES);
  requireCount('profile.steps', options.steps ?? 1, 1);
}
