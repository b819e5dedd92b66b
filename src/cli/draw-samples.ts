import type { Dataset } from '../datasets/dataset.js';
import { samplePicture } from '../report/pictures.js';
import { drawPicture, sideBySide } from '../report/terminal-picture.js';

const DEFAULT_COLUMNS = 80;

/** Samples of a data set as lines for stdout, in as many colours as it shows, side by side as they fit. */
export function drawSamples(
  dataset: Dataset,
  samples: readonly { readonly index: number; readonly heading: string }[],
): string[] {
  // NO_COLOR and the like are part of what Node says of the depth.
  const depth = process.stdout.isTTY ? process.stdout.getColorDepth() : 1;
  const blocks = samples.map(({ index, heading }) => {
    const picture = samplePicture(dataset.x, index);
    return { heading, lines: drawPicture(picture, depth), width: picture.width };
  });
  return sideBySide(blocks, process.stdout.columns || DEFAULT_COLUMNS);
}
