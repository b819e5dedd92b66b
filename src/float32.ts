/** The shortest decimal that reads back as the same float32: 0.001, where the float32 next to it prints as 0.0010000000474974513. */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
