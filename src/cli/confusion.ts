/**
 * How often samples of each class (rows) were taken for each class (columns).
 *
 * @param labels the true class of each sample, 0 to classes - 1
 * @param predicted the class the model gave it
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) matrix[labels[i]!]![predicted[i]!]!++;
  return matrix;
}

/** The matrix as a table, and the pairs that are mixed up most. */
export function printConfusion(matrix: readonly (readonly number[])[], names: readonly string[]): string[] {
  const width =
    Math.max(...matrix.flat().map((n) => String(n).length), ...names.map((_, i) => String(i).length)) + 2;
  const margin = Math.max(...names.map((name) => name.length)) + String(names.length - 1).length + 3;
  const cells = (row: readonly (number | string)[]) =>
    row.map((cell) => String(cell).padStart(width)).join('');
  // Long names stand at the rows only; the columns have the class's number.
  const isNumbered = names.some((name, i) => name !== String(i));
  const label = (name: string, i: number) => (isNumbered ? `${i} ${name}` : name).padEnd(margin);
  return [
    'Rows: the true class. Columns: what the model took it for.',
    `${''.padEnd(margin)}${cells(names.map((_, i) => i))}`,
    ...matrix.map((row, i) => `${label(names[i]!, i)}${cells(row.map((n) => (n === 0 ? '.' : n)))}`),
    '',
    ...worst(matrix, names),
  ];
}

function worst(matrix: readonly (readonly number[])[], names: readonly string[]): string[] {
  return matrix
    .flatMap((row, i) => row.map((count, j) => ({ count, i, j })))
    .filter(({ count, i, j }) => i !== j && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map(
      ({ count, i, j }) =>
        `${names[i]} taken for ${names[j]}: ${count} of ${matrix[i]!.reduce((a, b) => a + b, 0)}`,
    );
}
