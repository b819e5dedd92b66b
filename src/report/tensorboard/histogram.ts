/** One bucket: its two edges and how many values are between them. */
export type Bucket = readonly [left: number, right: number, count: number];

/**
 * How values are distributed: buckets of equal width from the smallest to the largest, as TensorBoard's own writer makes
 * them. Values that are not finite are left out.
 */
export function histogram(values: ArrayLike<number>, bucketCount = 30): Bucket[] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let finite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    finite++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (finite === 0) return [];
  // All equal: one bucket around the value, of width 1.
  if (least === most) return [[least - 0.5, least + 0.5, finite]];
  const width = (most - least) / bucketCount;
  const counts = new Array<number>(bucketCount).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) counts[Math.min(bucketCount - 1, Math.floor((value - least) / width))]!++;
  }
  return counts.map((count, i) => [
    least + i * width,
    i === bucketCount - 1 ? most : least + (i + 1) * width,
    count,
  ]);
}
