import type { Dataset } from '../datasets/dataset.js';
import { loadModel } from '../models/load.js';
import { confusionMatrix, printConfusion } from '../report/confusion.js';
import { type Mistake, mistakes } from '../report/mistakes.js';
import { pictureShape } from '../report/pictures.js';
import { classScores, printScores } from '../report/scores.js';
import { classification } from './classification.js';
import type { Action } from './command.js';
import { loadData, shapedFor } from './data.js';
import { drawSamples } from './draw-samples.js';
import { exitCodes } from './exit-codes.js';
import { findModel } from './find-model.js';
import type { evaluateOptions } from './options.js';
import { classNamesOf } from './run-report.js';
import { startRuntime } from './runtime.js';
import { scorePictures } from './score-pictures.js';
import { count } from './words.js';
import { writePictures } from './write-pictures.js';

/** `cnn evaluate` */
export const evaluate: Action<typeof evaluateOptions> = async (values, output, given) => {
  const { file, config } = await findModel(given, output);
  const { batchSize, minAccuracy } = values;
  // What is said about the data replaces all that the run says about it: the format belongs to the data.
  const data = values.data ?? config?.data ?? 'mnist';
  const format = values.data === undefined && config !== undefined ? config.format : values.format;
  const { test: loaded } = await loadData({ data, format });
  await startRuntime(values.device, output);
  const model = await loadModel(file, { compile: false });
  const test = shapedFor(model, loaded);
  output.info(`scoring ${file} on ${count(test.size)} samples of ${test.name}`);
  model.compile(classification);
  const scores = await model.evaluate(test, { batchSize, verbose: 0 });
  const [loss, accuracy] = [scores.loss!, scores.accuracy!];
  const names = classNamesOf(test, model);
  const { showErrors } = values;
  const isLookedAt = values.confusion || showErrors !== undefined || values.pictures !== undefined;
  const outputs = isLookedAt ? await model.predict(test, { batchSize }) : undefined;
  const matrix = outputs && confusionMatrix(test.y.data, outputs.argMax(), names.length);
  const wrong = outputs && mistakes(outputs, test.y.data);
  const pictures =
    values.pictures &&
    matrix &&
    wrong &&
    (await writePictures(values.pictures, scorePictures(test, matrix, wrong, names)));
  const confusion = values.confusion ? matrix : undefined;
  const errors = showErrors === undefined ? undefined : wrong?.slice(0, showErrors);
  output.result(
    { event: 'result', model: file, data, samples: test.size, loss, accuracy, confusion, errors, pictures },
    (colors) => [
      `accuracy ${colors.bold(accuracy.toFixed(4))}, loss ${loss.toFixed(4)}`,
      ...(confusion === undefined
        ? []
        : ['', ...printConfusion(confusion, names), '', ...printScores(classScores(confusion), names)]),
      ...(errors === undefined ? [] : ['', ...drawMistakes(test, errors, names)]),
    ],
  );
  if (values.pictures !== undefined) output.info(`pictures are in ${values.pictures}`);
  if (minAccuracy === undefined || accuracy >= minAccuracy) return exitCodes.done;
  output.warn(`the accuracy, ${accuracy.toFixed(4)}, is below ${minAccuracy}`);
  return exitCodes.missed;
};

/** Misclassified samples: as pictures where they are such. */
function drawMistakes(test: Dataset, wrong: readonly Mistake[], names: readonly string[]): string[] {
  const headings = wrong.map(
    ({ index, label, predicted, probability }) =>
      `${index}: ${names[label]} as ${names[predicted]}, ${probability.toFixed(2)}`,
  );
  if (pictureShape(test.x.shape) === undefined) return headings;
  return drawSamples(
    test,
    wrong.map(({ index }, i) => ({ index, heading: headings[i]! })),
  );
}
