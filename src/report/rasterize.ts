import { loadSharp } from '../sharp.js';

/**
 * An SVG document, such as those of this module, as a PNG file. Letters are those of the system's fonts.
 *
 * @param document all of it
 * @param options how
 * @param options.scale pixels for each unit of the document: 2 is sharp on paper and on dense screens, 1 is smaller
 * @throws CnnError UNSUPPORTED where the package sharp is not installed
 * @example await writeFile('confusion.png', await report.svgToPng(report.svgConfusion(matrix, names)));
 */
export async function svgToPng(document: string, { scale = 2 } = {}): Promise<Uint8Array> {
  const sharp = await loadSharp();
  // 72 dots per inch are one pixel a unit.
  return sharp(Buffer.from(document), { density: 72 * scale })
    .png()
    .toBuffer();
}
