import type { HostArray } from '../runtime/host-array.js';

/** A sample that was taken for another class. */
export interface Mistake {
  /** The sample's number in its data set. */
  readonly index: number;
  /** The true class. */
  readonly label: number;
  /** The class with the highest probability. */
  readonly predicted: number;
  /** How sure the model was of what it predicted, 0 to 1. */
  readonly probability: number;
}

/**
 * The samples that a classifier gets wrong, those first of which it is most sure.
 *
 * @param outputs [samples, classes], a probability for each class
 * @param labels the true classes
 */
export function mistakes(outputs: HostArray, labels: ArrayLike<number>): Mistake[] {
  const wrong: Mistake[] = [];
  for (const [index, predicted] of outputs.argMax().entries()) {
    const label = labels[index]!;
    if (predicted !== label)
      wrong.push({ index, label, predicted, probability: outputs.row(index)[predicted]! });
  }
  return wrong.sort((a, b) => b.probability - a.probability);
}
