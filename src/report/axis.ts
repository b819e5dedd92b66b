/** Round numbers that cover a range, few enough to write beside an axis. */
export function ticks(least: number, most: number, count: number): number[] {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / Math.max(count - 1, 1);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough * 0.999)!;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The ticks' labels, all with as many decimals as the step needs. */
export function tickLabels(values: readonly number[]): string[] {
  const step = values.length > 1 ? values[1]! - values[0]! : values[0]!;
  if (step < 1e-6 || step >= 1e6) return values.map((value) => value.toExponential(1));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return values.map((value) => value.toFixed(decimals));
}
