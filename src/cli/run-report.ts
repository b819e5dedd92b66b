import path from 'node:path';
import type { Dataset } from '../datasets/dataset.js';
import type { History } from '../models/history.js';
import type { Model } from '../models/model.js';
import { replaceFile } from '../replace-file.js';
import { confusionMatrix } from '../report/confusion.js';
import { htmlReport } from '../report/html.js';
import { mistakes } from '../report/mistakes.js';
import { pictureShape, samplePicture } from '../report/pictures.js';
import { colouredPictures, firstLayerMaps, firstPictures } from '../report/signed-pictures.js';

/** Misclassified samples and units of the first layer that a report shows at the most. */
const MAX_MISTAKES = 60;
const MAX_UNITS = 64;

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
  const shown = isPicture ? mistakes(outputs, test.y.data).slice(0, MAX_MISTAKES) : [];
  const weights = firstLayerMaps(model);
  const summary: string[] = [];
  model.summary({ print: (line) => summary.push(line) });
  const page = htmlReport({
    title: `${path.basename(folder)} on ${test.name}`,
    facts,
    history,
    summary,
    confusion: { matrix: confusionMatrix(test.y.data, outputs.argMax(), names.length), names },
    mistakes: shown.map(({ index, label, predicted, probability }) => ({
      picture: samplePicture(test.x, index, { inverted: true }),
      caption: `#${index}: ${names[label]}, taken for ${names[predicted]} (${probability.toFixed(2)})`,
    })),
    weights: weights && colouredPictures(firstPictures(weights, MAX_UNITS)),
  });
  const file = path.join(folder, 'report.html');
  await replaceFile(file, [Buffer.from(page)]);
  return file;
}

/** What the classes are called, by number where they have no names. */
export function classNamesOf({ classNames }: Dataset, model: Model): readonly string[] {
  return classNames ?? Array.from({ length: model.outputShape!.at(-1)! }, (_, i) => String(i));
}
