/** A median absolute deviation of 1 is a standard deviation of this, for noise that is normal. */
const DEVIATION_OF_MEDIAN = 1.4826;

/** The middle one of some values. */
export function median(values: ArrayLike<number>): number {
  return Float64Array.from(values).sort()[values.length >> 1]!;
}

/** The standard deviation of normal noise, of which these are the distances from its mean; outliers hardly change it. */
export function deviationOf(distances: ArrayLike<number>): number {
  return DEVIATION_OF_MEDIAN * median(distances);
}
