import type { History } from '../models/history.js';

/** A line of a chart. */
export interface Curve {
  /** What the legend calls it. */
  readonly name: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One chart of learning curves. */
export interface CurveChart {
  /** What is measured: `'loss'`. */
  readonly title: string;
  /** What the horizontal axis has. Default: epochs. */
  readonly axis?: string;
  /** Drawn over each other, with common axes. */
  readonly curves: readonly Curve[];
}

/**
 * What to draw of a training's history: for each result one chart, with its course on the training data and, where
 * there is one, on the validation data, over epochs counted from 1. Values that are not finite are left out.
 */
export function learningCurves({ epoch, history }: Pick<History, 'epoch' | 'history'>): CurveChart[] {
  const titles = Object.keys(history).filter(
    (name) => !name.startsWith('val_') || !(name.slice(4) in history),
  );
  const charts = titles.map((title) => {
    const curves = [
      { name: 'training', values: history[title]! },
      { name: 'validation', values: history[`val_${title}`] ?? [] },
    ].map(({ name, values }) => ({
      name,
      // Validation may be run every few epochs only; its values are then of the last epoch of each few.
      points: pointsOf(values, epoch),
    }));
    return { title, curves: curves.filter(({ points }) => points.length > 0) };
  });
  return charts.filter(({ curves }) => curves.length > 0);
}

function pointsOf(values: readonly number[], epochs: readonly number[]): (readonly [number, number])[] {
  const every = Math.max(1, Math.floor(epochs.length / Math.max(values.length, 1)));
  return values
    .map((value, i) => [(epochs[(i + 1) * every - 1] ?? i) + 1, value] as const)
    .filter(([, value]) => Number.isFinite(value));
}
