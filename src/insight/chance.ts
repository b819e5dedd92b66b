import type { Statistics } from './statistics.js';

/**
 * The loss of a model that knows only how frequent each target is, the same answer for all samples; undefined for
 * losses where that takes more than means.
 */
export function chanceLoss({ lossName, targetMeans, targetMeanSquares }: Statistics): number | undefined {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const surprise = (p: number) => (p > 0 ? -p * Math.log(p) : 0);
  switch (lossName) {
    case 'SparseCategoricalCrossentropy':
    case 'CategoricalCrossentropy':
      return targetMeans.reduce((sum, p) => sum + surprise(p), 0);
    case 'BinaryCrossentropy':
      return mean(targetMeans.map((p) => surprise(p) + surprise(1 - p)));
    case 'MeanSquaredError':
      return mean(targetMeans.map((value, i) => targetMeanSquares[i]! - value * value));
    default:
      return undefined;
  }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
