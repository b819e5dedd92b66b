import type { Dataset } from '../datasets/dataset.js';
import type { Finding, FindingCode } from './finding.js';
import type { Statistics } from './statistics.js';

/** All that detectors look at. */
export interface Observation {
  readonly statistics: Statistics;
  /** Updates of the weights so far, where the optimizer knows. */
  readonly updates: number;
  /** Results of the epochs so far, by name (`loss`, `val_loss` ...). */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The data set itself, which only `inspect` is given. */
  readonly train?: Dataset;
  readonly validation?: Dataset;
  readonly test?: Dataset;
}

/** A finding without what its detector says of all of them. */
export type Symptom = Omit<Finding, 'code' | 'source'>;

/** Looks for one kind of trouble. */
export interface Detector {
  readonly code: FindingCode;
  /** Where the thresholds come from. */
  readonly source: string;
  /** Findings that explain this one: where one of them is found, this one is left out. */
  readonly explainedBy?: readonly FindingCode[];
  detect(observation: Observation): readonly Symptom[];
}

/** Updates after which a network that learns has left the loss at which it began (measured, see docs/insight.md). */
const WARM_UP_UPDATES = 100;
/** The same in epochs, for a history without the number of updates. */
const WARM_UP_EPOCHS = 2;

/** Whether training has gone on for long enough to judge by the loss. */
export function isWarm({ updates, history }: Observation): boolean {
  return updates >= WARM_UP_UPDATES || (updates === 0 && (history.loss?.length ?? 0) >= WARM_UP_EPOCHS);
}

/** Whether there was no training at all. */
export function isUntrained({ updates, history }: Observation): boolean {
  return updates === 0 && (history.loss?.length ?? 0) === 0;
}
