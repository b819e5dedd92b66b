import { load } from '../datasets/load.js';
import { makeFolderFor, replaceFile } from '../replace-file.js';
import { encodePng, enlarge, tile } from '../report/image.js';
import { samplePicture } from '../report/pictures.js';
import { svgPictures } from '../report/svg-pictures.js';
import type { Action } from './command.js';
import { drawSamples } from './draw-samples.js';
import { exitCodes } from './exit-codes.js';
import { wrongValue } from './option.js';
import type { showOptions } from './options.js';
import { plural } from './words.js';

/** Pixels of the file for each pixel of a sample. */
const ENLARGEMENT = 10;
const SVG_ENLARGEMENT = 4;
const PICTURES_IN_A_ROW = 10;

/** `cnn show` */
export const show: Action<typeof showOptions> = async (values, output, _operand, operands) => {
  const indices = operands.map(toIndex);
  const dataset = (await load(values.data, { format: values.format }))[values.part];
  const samples = indices.map((index) => {
    const label = dataset.label(index);
    return { index, label, name: dataset.classNames?.[label] ?? String(label) };
  });
  const headings = samples.map(({ index, name }) => `${index}: ${name}`);
  const { png, svg } = values;
  const pictures = () => indices.map((index) => samplePicture(dataset.x, index, { inverted: true }));
  if (png !== undefined) {
    await write(png, encodePng(enlarge(tile(pictures(), PICTURES_IN_A_ROW), ENLARGEMENT)));
  }
  if (svg !== undefined) {
    const captioned = pictures().map((picture, i) => ({ picture, caption: headings[i]! }));
    await write(svg, Buffer.from(svgPictures(captioned, { title: dataset.name, scale: SVG_ENLARGEMENT })));
  }
  output.result({ event: 'samples', data: values.data, part: values.part, samples, png, svg }, () => {
    const files = [png, svg].filter((file) => file !== undefined);
    if (files.length === 0)
      return drawSamples(
        dataset,
        indices.map((index, i) => ({ index, heading: headings[i]! })),
      );
    const names = samples.map(({ name }) => name).join(' ');
    return files.map((file) => `${file}: ${plural(samples.length, 'picture')}, ${names}`);
  });
  return exitCodes.done;
};

async function write(file: string, content: Uint8Array): Promise<void> {
  await makeFolderFor(file);
  await replaceFile(file, [content]);
}

function toIndex(typed: string): number {
  if (/^\d+$/.test(typed)) return Number(typed);
  throw wrongValue('INDEX', 'a whole number from 0 on', typed);
}
