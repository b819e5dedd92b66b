import path from 'node:path';
import type { Dataset } from '../datasets/dataset.js';
import type { History } from '../models/history.js';
import type { Model } from '../models/model.js';
import { replaceFile } from '../replace-file.js';
import { confusionMatrix } from '../report/confusion.js';
import { htmlReport } from '../report/html.js';
import { mistakes } from '../report/mistakes.js';
import { activationSheets, firstLayerSheet } from '../report/sheets.js';
import { insidePictures } from './inside.js';
import { mistakePictures, scorePictures } from './score-pictures.js';
import { filesForPage } from './write-pictures.js';

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
  const wrong = mistakes(outputs, test.y.data);
  const matrix = confusionMatrix(test.y.data, outputs.argMax(), names.length);
  const weights = firstLayerSheet(model);
  const summary: string[] = [];
  model.summary({ print: (line) => summary.push(line) });
  const inside = { model, test, history: { ...history.history, epoch: history.epoch } };
  const page = htmlReport({
    title: `${path.basename(folder)} on ${test.name}`,
    facts,
    history,
    summary,
    confusion: { matrix, names },
    mistakes: mistakePictures(test, wrong, names),
    weights: weights && [weights],
    activations: await activationSheets(model, test.slice(0, 1).x),
    files: await filesForPage(
      new Map([...(await insidePictures(inside)), ...scorePictures(test, matrix, wrong, names)]),
    ),
  });
  const file = path.join(folder, 'report.html');
  await replaceFile(file, [Buffer.from(page)]);
  return file;
}

/** What the classes are called, by number where they have no names. */
export function classNamesOf({ classNames }: Dataset, model: Model): readonly string[] {
  return classNames ?? Array.from({ length: model.outputShape!.at(-1)! }, (_, i) => String(i));
}
