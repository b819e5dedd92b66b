/** A class that a sample may be of. */
export interface ClassProbability {
  /** Its number, from 0. */
  readonly class: number;
  /** What it is called. */
  readonly name: string;
  /** 0 to 1. */
  readonly probability: number;
}

/**
 * The most probable classes, the most probable first.
 *
 * @param outputs what a classifier gives for one sample: probabilities, or logits, which softmax makes such
 * @param names of all classes
 * @param count at the most
 */
export function topClasses(
  outputs: ArrayLike<number>,
  names: readonly string[],
  count: number = names.length,
): ClassProbability[] {
  const probabilities = probabilitiesOf(Array.from(outputs));
  return probabilities
    .map((probability, i) => ({ class: i, name: names[i]!, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}

function probabilitiesOf(outputs: readonly number[]): readonly number[] {
  const sum = outputs.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) < 1e-3 && outputs.every((value) => value >= 0)) return outputs;
  const most = Math.max(...outputs);
  const powers = outputs.map((value) => Math.exp(value - most));
  const total = powers.reduce((all, value) => all + value, 0);
  return powers.map((value) => value / total);
}
