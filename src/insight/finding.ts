/** What kinds of trouble are looked for. */
export type FindingCode =
  // inside the network
  | 'dead-units'
  | 'saturated-units'
  | 'confident-mistakes'
  | 'vanishing-gradients'
  | 'exploding-gradients'
  | 'symmetric-weights'
  | 'initial-scale'
  | 'dropout'
  // the data
  | 'input-scale'
  | 'class-imbalance'
  | 'duplicate-samples'
  | 'label-leak'
  // the course of training
  | 'chance-level'
  | 'overfitting'
  | 'learning-rate-high'
  | 'learning-rate-low';

/** `'error'`: the network cannot learn, or its score means nothing; `'warning'`: it learns worse than it could. */
export type Severity = 'error' | 'warning';

/** Something that is wrong with a network, its data or its training. */
export interface Finding {
  /** What kind of trouble it is. */
  readonly code: FindingCode;
  /** How bad it is. */
  readonly severity: Severity;
  /** The layer that it is about, if it is about one. */
  readonly layer?: string;
  /** What was found, with the numbers. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly advice: string;
  /** The numbers that were compared with the thresholds. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** Where the threshold comes from: a paper, or our own measurement. */
  readonly source: string;
}

/** `97 %`, `0.4 %` */
export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value >= 9.95 || value === 0 ? value.toFixed(0) : value.toPrecision(1)} %`;
}

/** A number with two digits: `0.00012` as `1.2e-4`. */
export function brief(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(size >= 100 ? 3 : 2)));
  return value.toExponential(1);
}
