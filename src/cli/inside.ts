import type { Dataset } from '../datasets/dataset.js';
import type { Model } from '../models/model.js';
import { type CurveChart, learningCurves } from '../report/curves.js';
import { activationSheets, firstLayerSheet } from '../report/sheets.js';
import { svgCurves } from '../report/svg-chart.js';
import { svgPictures } from '../report/svg-pictures.js';
import { drawCurves } from '../report/terminal-chart.js';
import { drawActivations, drawFilters } from './draw-network.js';
import type { Values } from './option.js';
import type { inspectOptions } from './options.js';

/** A trained model, data to show it, and how its training went. */
export interface Inside {
  readonly model: Model;
  readonly test: Dataset;
  /** The columns of the run's history, the epoch among them. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** What `cnn inspect` draws of a network, as lines for stdout. */
export async function drawInside(
  inside: Inside,
  { curves, filters, activations }: Pick<Values<typeof inspectOptions>, 'curves' | 'filters' | 'activations'>,
): Promise<string[]> {
  const { model, test } = inside;
  const lines: string[] = [];
  if (curves) {
    const charts = chartsOf(inside);
    if (charts.length === 0) lines.push('', 'there is no history of its training');
    for (const chart of charts) lines.push('', ...drawCurves(chart));
  }
  if (filters) lines.push('', ...drawFilters(model));
  if (activations !== undefined) {
    const { x, label } = sampleOf(test, activations);
    lines.push('', label, ...(await drawActivations(model, x)));
  }
  return lines;
}

/** The same as SVG documents, by name; of the activations, those for one of the test's samples. */
export async function insidePictures(inside: Inside, activations = 0): Promise<Map<string, string>> {
  const { model, test } = inside;
  const documents = new Map(
    chartsOf(inside).map((chart) => [`curve-${fileName(chart.title)}`, svgCurves(chart)]),
  );
  const weights = firstLayerSheet(model);
  if (weights !== undefined) {
    const title = 'Weights of the first layer: red adds, blue takes away';
    documents.set('filters', svgPictures([weights], { title }));
  }
  const { x, label } = sampleOf(test, activations);
  const title = `${label}: red is above 0, blue below`;
  documents.set('activations', svgPictures(await activationSheets(model, x), { title }));
  return documents;
}

function chartsOf({ history: { epoch = [], ...history } }: Inside): CurveChart[] {
  return learningCurves({ epoch: [...epoch], history: history as Record<string, number[]> });
}

function sampleOf(test: Dataset, index: number) {
  const label = test.label(index);
  const name = test.classNames?.[label] ?? label;
  return { x: test.slice(index, index + 1).x, label: `Sample ${index} (${name}) through the layers` };
}

/** Results have the names that programs gave them. */
function fileName(title: string): string {
  return title.replace(/[^\w-]/g, '_');
}
