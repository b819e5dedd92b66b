import type { Dataset } from '../datasets/dataset.js';
import type { Image } from '../report/image.js';
import { samplePicture } from '../report/pictures.js';
import { drawPicture, sideBySide } from '../report/terminal-picture.js';

const DEFAULT_COLUMNS = 80;

/** Samples of a data set as lines for stdout, in as many colours as it shows, side by side as they fit. */
export function drawSamples(
  dataset: Dataset,
  samples: readonly { readonly index: number; readonly heading: string }[],
): string[] {
  return drawPictures(
    samples.map(({ index, heading }) => ({ picture: samplePicture(dataset.x, index), heading })),
  );
}

/** The same for any pictures. */
export function drawPictures(
  pictures: readonly { readonly picture: Image; readonly heading: string }[],
): string[] {
  const depth = colorDepth();
  const blocks = pictures.map(({ picture, heading }) => ({
    heading,
    lines: drawPicture(picture, depth),
    width: picture.width,
  }));
  return sideBySide(blocks, process.stdout.columns || DEFAULT_COLUMNS);
}

/** How many colours stdout shows, in bits; NO_COLOR and the like are part of what Node says of it. */
export function colorDepth(): number {
  return process.stdout.isTTY ? process.stdout.getColorDepth() : 1;
}
