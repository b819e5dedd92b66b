import type { History } from '../models/history.js';
import { svgConfusion } from './confusion.js';
import { learningCurves } from './curves.js';
import { encodePng, type Image } from './image.js';
import { classScores } from './scores.js';
import { escapeXml } from './svg.js';
import { svgCurves } from './svg-chart.js';
import type { Captioned } from './svg-pictures.js';

/** A picture as a file. */
export interface PictureFile {
  /** Of the file: `'loss.svg'` or `'loss.png'`. */
  readonly name: string;
  /** All of it. */
  readonly content: Uint8Array;
}

/** What a report of a training run shows; sections without content are left out. */
export interface RunReport {
  /** The heading. */
  readonly title: string;
  /** Names and values: scores, settings. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What `fit` returned. */
  readonly history: Pick<History, 'epoch' | 'history'>;
  /** The model's layers, as lines of text. */
  readonly summary: readonly string[];
  /** Counts with a row for each true class, and the classes' names. */
  readonly confusion?: {
    /** Row: true class; column: predicted class. */
    readonly matrix: readonly (readonly number[])[];
    /** What the classes are called. */
    readonly names: readonly string[];
  };
  /** Samples that the model gets wrong. */
  readonly mistakes?: readonly Captioned[];
  /** Weights of the first layer, as large as they are to be shown. */
  readonly weights?: readonly Captioned[];
  /** A sample on its way through the layers, as large as it is to be shown. */
  readonly activations?: readonly Captioned[];
  /** The pictures as SVG and PNG files, which the page holds for its readers to save. */
  readonly files?: readonly PictureFile[];
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 2em auto; padding: 0 1em; color: #222; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 1px solid #ddd; }
table { border-collapse: collapse; } td, th { padding: .15em .9em .15em 0; text-align: right; }
td:first-child, th:first-child { text-align: left; }
.row { display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start; }
figure { margin: 0; text-align: center; font-size: 12px; } img { image-rendering: pixelated; border: 1px solid #ddd; }
a { display: inline-block; margin-right: 1em; }
pre { font: 13px/1.25 ui-monospace, monospace; overflow-x: auto; }
`;

/** A report as one HTML page that needs nothing else: no script, no other file, no network. */
export function htmlReport(report: RunReport): string {
  const {
    title,
    facts,
    history,
    summary,
    confusion,
    mistakes = [],
    weights = [],
    activations = [],
    files = [],
  } = report;
  const sections = [
    table(facts),
    section('Learning curves', row(learningCurves(history).map(svgCurves))),
    confusion &&
      section(
        'Classes',
        row([svgConfusion(confusion.matrix, confusion.names), scoreTable(confusion.matrix, confusion.names)]),
      ),
    mistakes.length > 0 &&
      section(
        'What it gets wrong, most sure first',
        row(mistakes.map(({ picture, caption }) => figure(picture, caption, 3))),
      ),
    weights.length > 0 &&
      section(
        'Weights of the first layer: red adds, blue takes away',
        row(weights.map(({ picture, caption }) => figure(picture, caption, 1))),
      ),
    activations.length > 0 &&
      section(
        'The first sample of the test through the layers: red is above 0, blue below',
        row(activations.map(({ picture, caption }) => figure(picture, caption, 1))),
      ),
    files.length > 0 && section('Save the pictures', `<p>${files.map(saveLink).join('\n')}</p>`),
    section('Model', `<pre>${escapeXml(summary.join('\n'))}</pre>`),
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    // Even if something got in from the data's names, nothing could be loaded or run.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${escapeXml(title)}</h1>`,
    ...sections.filter((part) => typeof part === 'string'),
    '</html>',
    '',
  ].join('\n');
}

function section(heading: string, content: string): string {
  return `<h2>${escapeXml(heading)}</h2>\n${content}`;
}

function row(parts: readonly string[]): string {
  return `<div class="row">\n${parts.join('\n')}\n</div>`;
}

function figure(picture: Image, caption: string, factor: number): string {
  const { width, height } = picture;
  const png = Buffer.from(encodePng(picture)).toString('base64');
  const size = `width="${width * factor}" height="${height * factor}"`;
  const text = escapeXml(caption);
  return `<figure><img src="data:image/png;base64,${png}" ${size} alt="${text}"><figcaption>${text}</figcaption></figure>`;
}

/** A link that holds its file. */
function saveLink({ name, content }: PictureFile): string {
  const type = name.endsWith('.svg') ? 'image/svg+xml' : 'image/png';
  const data = Buffer.from(content).toString('base64');
  return `<a download="${escapeXml(name)}" href="data:${type};base64,${data}">${escapeXml(name)}</a>`;
}

function table(rows: RunReport['facts']): string {
  const lines = rows.map(
    ([name, value]) => `<tr><td>${escapeXml(name)}</td><td>${escapeXml(value)}</td></tr>`,
  );
  return `<table>\n${lines.join('\n')}\n</table>`;
}

function scoreTable(matrix: readonly (readonly number[])[], names: readonly string[]): string {
  const head = ['class', 'precision', 'recall', 'F1', 'samples'].map((word) => `<th>${word}</th>`).join('');
  const lines = classScores(matrix).map(({ precision, recall, f1, support }, i) => {
    const cells = [names[i]!, precision.toFixed(4), recall.toFixed(4), f1.toFixed(4), String(support)];
    return `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table>\n<tr>${head}</tr>\n${lines.join('\n')}\n</table>`;
}
