import type { Spec, Values } from './specs.js';
import { decode } from './specs.js';

/** What a model does after it was saved. */
export interface Outcome {
  readonly prediction: Values;
  /** Loss and metrics of each further training step. */
  readonly results: readonly (readonly number[])[];
}

const PREDICTION_TOLERANCE = 1e-5;
/** Three steps later, roundings have gone through gradients, moments and weights. */
const TRAINING_TOLERANCE = 2e-4;

function differs(a: number, b: number, tolerance: number): boolean {
  return !(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)));
}

/** What is not the same, in words; undefined where all is. */
export function difference(spec: Spec, expected: Outcome, actual: Outcome): string | undefined {
  const [a, b] = [decode(expected.prediction), decode(actual.prediction)];
  const at = a.findIndex((value, i) => differs(value, b[i]!, PREDICTION_TOLERANCE));
  if (a.length !== b.length || at >= 0) return `prediction ${at}: ${a[at]} and ${b[at]}`;
  if (!spec.isDeterministic) return undefined;
  for (const [step, results] of expected.results.entries()) {
    for (const [i, result] of results.entries()) {
      const other = actual.results[step]![i]!;
      if (differs(result, other, TRAINING_TOLERANCE))
        return `step ${step}, result ${i}: ${result} and ${other}`;
    }
  }
  return undefined;
}
