import { load } from '../datasets/load.js';
import { makeFolderFor, replaceFile } from '../replace-file.js';
import { encodePng, enlarge, tile } from '../report/image.js';
import { samplePicture } from '../report/pictures.js';
import type { Action } from './command.js';
import { drawSamples } from './draw-samples.js';
import { exitCodes } from './exit-codes.js';
import { wrongValue } from './option.js';
import type { showOptions } from './options.js';
import { plural } from './words.js';

/** Pixels of the file for each pixel of a sample. */
const ENLARGEMENT = 10;
const PICTURES_IN_A_ROW = 10;

/** `cnn show` */
export const show: Action<typeof showOptions> = async (values, output, _operand, operands) => {
  const indices = operands.map(toIndex);
  const dataset = (await load(values.data, { format: values.format }))[values.part];
  const samples = indices.map((index) => {
    const label = dataset.label(index);
    return { index, label, name: dataset.classNames?.[label] ?? String(label) };
  });
  const { png } = values;
  if (png !== undefined) {
    const pictures = indices.map((index) => samplePicture(dataset.x, index, { inverted: true }));
    await makeFolderFor(png);
    await replaceFile(png, [encodePng(enlarge(tile(pictures, PICTURES_IN_A_ROW), ENLARGEMENT))]);
  }
  output.result({ event: 'samples', data: values.data, part: values.part, samples, png }, () => {
    if (png !== undefined)
      return [`${png}: ${plural(samples.length, 'picture')}, ${samples.map((s) => s.name).join(' ')}`];
    return drawSamples(
      dataset,
      samples.map(({ index, name }) => ({ index, heading: `${index}: ${name}` })),
    );
  });
  return exitCodes.done;
};

function toIndex(typed: string): number {
  if (/^\d+$/.test(typed)) return Number(typed);
  throw wrongValue('INDEX', 'a whole number from 0 on', typed);
}
