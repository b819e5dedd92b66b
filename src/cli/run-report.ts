import path from 'node:path';
import type { Dataset } from '../datasets/dataset.js';
import type { History } from '../models/history.js';
import type { Model } from '../models/model.js';
import { replaceFile } from '../replace-file.js';
import { confusionMatrix } from '../report/confusion.js';
import { htmlReport } from '../report/html.js';
import { type Mistake, mistakes } from '../report/mistakes.js';
import { pictureShape, samplePicture } from '../report/pictures.js';
import { activationSheets, firstLayerSheet } from '../report/sheets.js';
import type { Captioned } from '../report/svg-pictures.js';

/** Misclassified samples that a report shows at the most. */
export const MAX_MISTAKES = 60;

/** What a report of a run is made of. */
export interface ReportedRun {
  readonly folder: string;
  readonly model: Model;
  readonly history: History;
  readonly test: Dataset;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Writes `report.html` into a run's folder. @returns its path @throws CnnError WRITE_FAILED */
export async function writeRunReport({ folder, model, history, test, facts }: ReportedRun): Promise<string> {
  const names = classNamesOf(test, model);
  const outputs = await model.predict(test, { batchSize: 1000 });
  const isPicture = pictureShape(test.x.shape) !== undefined;
  const wrong = isPicture ? mistakes(outputs, test.y.data).slice(0, MAX_MISTAKES) : [];
  const weights = firstLayerSheet(model);
  const summary: string[] = [];
  model.summary({ print: (line) => summary.push(line) });
  const page = htmlReport({
    title: `${path.basename(folder)} on ${test.name}`,
    facts,
    history,
    summary,
    confusion: { matrix: confusionMatrix(test.y.data, outputs.argMax(), names.length), names },
    mistakes: mistakePictures(test, wrong, names),
    weights: weights && [weights],
    activations: await activationSheets(model, test.slice(0, 1).x),
  });
  const file = path.join(folder, 'report.html');
  await replaceFile(file, [Buffer.from(page)]);
  return file;
}

/** Misclassified samples, dark on light, with what they are and what they were taken for. */
export function mistakePictures(
  { x }: Dataset,
  wrong: readonly Mistake[],
  names: readonly string[],
): Captioned[] {
  return wrong.map(({ index, label, predicted, probability }) => ({
    picture: samplePicture(x, index, { inverted: true }),
    caption: `#${index}: ${names[label]}, taken for ${names[predicted]} (${probability.toFixed(2)})`,
  }));
}

/** What the classes are called, by number where they have no names. */
export function classNamesOf({ classNames }: Dataset, model: Model): readonly string[] {
  return classNames ?? Array.from({ length: model.outputShape!.at(-1)! }, (_, i) => String(i));
}
