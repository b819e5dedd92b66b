import type { ClassScore } from './scores.js';
import { svg, text } from './svg.js';

const ROW = 24;
const COLUMN = 150;
/** Length of a bar that is 1. */
const BAR = 90;
const TOP = 40;

/** Precision, recall and F1 of each class as an SVG document: bars, with their numbers. */
export function svgScores(scores: readonly ClassScore[], names: readonly string[]): string {
  const margin = 24 + 7 * Math.max(...names.map((name) => name.length), 'class'.length);
  const columns = [
    ['precision', '#0072b2'],
    ['recall', '#d55e00'],
    ['f1', '#009e73'],
  ] as const;
  const samples = margin + columns.length * COLUMN + 60;
  const parts = [
    text(12, TOP - 16, 'start', 'class', 'font-weight="bold"'),
    ...columns.map(([key], i) => text(margin + i * COLUMN, TOP - 16, 'start', key, 'font-weight="bold"')),
    text(samples, TOP - 16, 'end', 'samples', 'font-weight="bold"'),
    ...scores.flatMap((score, row) => {
      const y = TOP + row * ROW;
      return [
        text(12, y + 12, 'start', names[row]!),
        ...columns.map(([key, colour], i) => {
          const x = margin + i * COLUMN;
          const bar = `<rect x="${x}" y="${y + 2}" width="${BAR}" height="12" fill="#eee"/><rect x="${x}" y="${y + 2}" width="${BAR * score[key]}" height="12" fill="${colour}"/>`;
          return bar + text(x + BAR + 6, y + 12, 'start', score[key].toFixed(3));
        }),
        text(samples, y + 12, 'end', String(score.support)),
      ];
    }),
  ];
  return svg(samples + 16, TOP + scores.length * ROW + 8, 'precision and recall of each class', parts);
}
