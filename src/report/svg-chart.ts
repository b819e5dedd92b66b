import { tickLabels, ticks } from './axis.js';
import type { CurveChart } from './curves.js';
import { svg, text } from './svg.js';

const WIDTH = 560;
const HEIGHT = 320;
const MARGIN = { left: 64, right: 16, top: 36, bottom: 44 };
/** Of longer curves the points are not marked. */
const MOST_DOTS = 50;
/** Okabe and Ito's colours, which people with colour blindness tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/** A chart of learning curves as an SVG document. */
export function svgCurves({ title, axis = 'epoch', curves }: CurveChart): string {
  const points = curves.flatMap((curve) => curve.points);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const xTicks = ticks(Math.min(...xs), Math.max(...xs), 8).filter(Number.isInteger);
  const yTicks = ticks(Math.min(...ys), Math.max(...ys), 6);
  const x = scale(xTicks, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(yTicks, HEIGHT - MARGIN.bottom, MARGIN.top);
  const yLabels = tickLabels(yTicks);
  const parts = [
    text(WIDTH / 2, 20, 'middle', title, 'font-weight="bold"'),
    ...yTicks.map((value, i) => {
      const grid = `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>`;
      return grid + text(MARGIN.left - 8, y(value) + 4, 'end', yLabels[i]!);
    }),
    ...xTicks.map((value) => text(x(value), HEIGHT - MARGIN.bottom + 18, 'middle', String(value))),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, 'middle', axis),
    ...curves.flatMap(({ name, points: own }, i) => {
      const colour = COLOURS[i % COLOURS.length]!;
      const line = own.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
      const dots = (own.length > MOST_DOTS ? [] : own).map(
        ([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${colour}"/>`,
      );
      const legend = MARGIN.left + 12 + i * 110;
      return [
        `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...dots,
        `<rect x="${legend}" y="${MARGIN.top - 10}" width="14" height="4" fill="${colour}"/>`,
        text(legend + 20, MARGIN.top - 4, 'start', name),
      ];
    }),
  ];
  return svg(WIDTH, HEIGHT, title, parts);
}

/** From values to places on an axis, to a tenth of a unit. */
function scale(ofTicks: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [ofTicks[0] ?? 0, ofTicks.at(-1) ?? 1];
  const span = most - least || 1;
  return (value) => Math.round((from + ((value - least) / span) * (to - from)) * 10) / 10;
}
