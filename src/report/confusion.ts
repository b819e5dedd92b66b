import { type Image, image } from './image.js';
import { svg, text } from './svg.js';

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

/** Edge of a cell of the drawn matrix. */
const CELL = 36;

/** The matrix as an SVG document: the darker a cell, the larger its share of the true class. */
export function svgConfusion(matrix: readonly (readonly number[])[], names: readonly string[]): string {
  const margin = 36 + 7 * Math.max(...names.map((name) => name.length));
  const shares = sharesOf(matrix);
  const middle = margin + (CELL * names.length) / 2;
  const cells = matrix.flatMap((row, i) =>
    row.map((count, j) => {
      const [x, y] = [margin + j * CELL, margin + i * CELL];
      const share = shares[i]![j]!;
      const fill = `rgb(${[255 - 255 * share, 255 - 141 * share, 255 - 77 * share].map(Math.round)})`;
      const colour = share > 0.5 ? '#fff' : '#000';
      return (
        `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${fill}" stroke="#ddd"/>` +
        (count === 0 ? '' : text(x + CELL / 2, y + CELL / 2 + 4, 'middle', String(count), `fill="${colour}"`))
      );
    }),
  );
  const areShort = names.every((name) => name.length <= 3);
  const labels = names.flatMap((name, i) => {
    const centre = margin + i * CELL + CELL / 2;
    const [x, y] = [centre + 4, margin - 6];
    return [
      text(margin - 6, centre + 4, 'end', name),
      areShort
        ? text(centre, y, 'middle', name)
        : text(x, y, 'start', name, `transform="rotate(-90 ${x} ${y})"`),
    ];
  });
  const titles = [
    text(middle, 14, 'middle', 'taken for', 'font-weight="bold"'),
    text(12, middle, 'middle', 'true class', `font-weight="bold" transform="rotate(-90 12 ${middle})"`),
  ];
  const size = margin + CELL * names.length + 8;
  return svg(size, size, 'confusion matrix', [...titles, ...labels, ...cells]);
}

/** The matrix as a picture, one pixel a cell: the darker, the larger its share of the true class. */
export function confusionPicture(matrix: readonly (readonly number[])[]): Image {
  const pixels = sharesOf(matrix).flatMap((row) => row.map((share) => Math.round(255 * (1 - share))));
  return image(matrix.length, matrix.length, 1, Uint8Array.from(pixels));
}

function sharesOf(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
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
