import { tickLabels, ticks } from './axis.js';
import type { CurveChart } from './curves.js';

const GLYPHS = ['●', '○', '◆', '◇'];

/**
 * A chart of learning curves for a terminal.
 *
 * ```text
 * loss                                          ● training  ○ validation
 * 0.6 ┤●
 * 0.4 ┤  ●
 * 0.2 ┤○ ○ ○ ●  ● ●
 *     └────────────
 *      1         6  epoch
 * ```
 *
 * @param chart what to draw
 * @param size in characters
 * @param size.columns width in characters, all told
 * @param size.rows height of the plot
 */
export function drawCurves(
  { title, axis = 'epoch', curves }: CurveChart,
  { columns = 72, rows = 10 }: { columns?: number; rows?: number } = {},
): string[] {
  const points = curves.flatMap((curve) => curve.points);
  const ys = points.map(([, y]) => y);
  const scale = ticks(Math.min(...ys), Math.max(...ys), 4);
  const labels = tickLabels(scale);
  const margin = Math.max(...labels.map((label) => label.length)) + 1;
  const [bottom, top] = [scale[0]!, scale.at(-1)!];
  const firstX = Math.min(...points.map(([x]) => x));
  const lastX = Math.max(...points.map(([x]) => x));
  const width = Math.max(8, Math.min(columns - margin - 2, (lastX - firstX) * 6 + 1));
  const rowOf = (y: number) => Math.round(((top - y) / (top - bottom)) * (rows - 1));
  const columnOf = (x: number) => Math.round(((x - firstX) / Math.max(lastX - firstX, 1)) * (width - 1));
  const grid = Array.from({ length: rows }, () => new Array<string>(width).fill(' '));
  for (const [i, { points: own }] of curves.entries()) {
    for (const [x, y] of own) grid[rowOf(y)]![columnOf(x)] = GLYPHS[i % GLYPHS.length]!;
  }
  const labelOfRow = new Map(scale.map((value, i) => [rowOf(value), labels[i]!]));
  const legend = curves.map(({ name }, i) => `${GLYPHS[i % GLYPHS.length]} ${name}`).join('  ');
  const ends = `${firstX}${String(lastX).padStart(Math.max(width - String(firstX).length, 2))}`;
  return [
    `${title}${legend.padStart(Math.max(margin + width + 1 - title.length, legend.length + 2))}`,
    ...grid.map((cells, row) => {
      const label = labelOfRow.get(row);
      return `${(label ?? '').padStart(margin - 1)} ${label === undefined ? '│' : '┤'}${cells.join('')}`.trimEnd();
    }),
    `${''.padStart(margin)}└${'─'.repeat(width)}`,
    `${''.padStart(margin + 1)}${ends}  ${axis}`,
  ];
}
