import { requireReadable } from '../datasets/bytes.js';
import { CnnError } from '../errors.js';
import type { Model } from '../models/model.js';
import { image } from '../report/image.js';
import { type ClassProbability, topClasses } from '../report/top-classes.js';
import type { Action } from './command.js';
import { type DigitInput, readDigits } from './digit-inputs.js';
import { drawPictures } from './draw-samples.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { wrongValue } from './option.js';
import type { predictOptions } from './options.js';
import type { Output } from './output.js';
import { type Classifier, frameOf, openClassifier } from './trained-model.js';
import { plural } from './words.js';

const BATCH_SIZE = 1000;

/** `cnn predict` */
export const predict: Action<typeof predictOptions> = async (values, output, _operand, operands) => {
  if (operands.length === 0 && process.stdin.isTTY) {
    throw wrongValue('FILE', 'pictures or CSV files, or one of them on stdin', '');
  }
  const given = operands.length === 0 ? ['-'] : operands;
  if (await isInVain(given, output)) return exitCodes.failed;
  const classifier = await openClassifier(values.model, values.device, output);
  const { inputs, exitCode } = await readAll(given, classifier, output);
  if (inputs.length === 0) return exitCode;
  const { model, file, classes } = classifier;
  output.info(`asking ${file} about ${plural(inputs.length, 'sample')}`);
  const outputs = await model.predict(columnOf(inputs, model), { batchSize: BATCH_SIZE });
  let [labelled, right] = [0, 0];
  for (const [i, { input, row, label, pixels }] of inputs.entries()) {
    const predictions = topClasses(outputs.row(i), classes, values.top);
    if (label !== undefined) {
      labelled++;
      if (label === predictions[0]!.class) right++;
    }
    output.result({ event: 'prediction', input, row, label, predictions }, (colors) => {
      const [best, ...others] = predictions.map(describe);
      const place = row === undefined ? input : `${input}, row ${row}`;
      const truth =
        label === undefined || label === predictions[0]!.class
          ? ''
          : colors.red(`, but labelled ${classes[label]}`);
      const line = `${place}: ${[colors.bold(best!), ...others].join(', ')}${truth}`;
      if (!values.show) return [line];
      const [height, width] = frameOf(file, model.inputShape);
      return [line, ...drawPictures([{ picture: image(width, height, 1, pixels), heading: '' }]).slice(1)];
    });
  }
  if (labelled > 0) {
    const accuracy = right / labelled;
    output.result({ event: 'result', model: file, samples: labelled, accuracy }, (colors) => [
      `accuracy ${colors.bold(accuracy.toFixed(4))} on ${plural(labelled, 'labelled sample')}`,
    ]);
  }
  return exitCode;
};

/** Whether none of the files can be read, which is told: before TensorFlow is started for nothing. */
async function isInVain(operands: readonly string[], output: Output): Promise<boolean> {
  const checks = operands.map((operand) => (operand === '-' ? undefined : requireReadable(operand)));
  const results = await Promise.allSettled(checks);
  const problems = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (problems.length < operands.length) return false;
  for (const problem of problems) output.error(problem, exitCodes.failed);
  return true;
}

/** All that can be read; what cannot is told, and the rest goes on. */
async function readAll(
  operands: readonly string[],
  classifier: Classifier,
  output: Output,
): Promise<{ inputs: DigitInput[]; exitCode: ExitCode }> {
  const inputs: DigitInput[] = [];
  let exitCode: ExitCode = exitCodes.done;
  for (const operand of operands) {
    try {
      inputs.push(...(await readDigits(operand, classifier)));
    } catch (error) {
      if (!(error instanceof CnnError)) throw error;
      exitCode = exitCodes.failed;
      output.error(error, exitCode);
    }
  }
  return { inputs, exitCode };
}

function columnOf(inputs: readonly DigitInput[], model: Model) {
  const size = inputs[0]!.pixels.length;
  const data = new Uint8Array(inputs.length * size);
  for (const [i, { pixels }] of inputs.entries()) data.set(pixels, i * size);
  return { data, shape: model.inputShape!.slice(1) as number[], scale: 1 / 255 };
}

function describe({ name, probability }: ClassProbability): string {
  return `${name} (${(100 * probability).toFixed(1)} %)`;
}
