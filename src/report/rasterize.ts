import { loadSharp } from '../sharp.js';

/** Pixels for each unit of the document: sharp on paper and on dense screens. */
const DENSITY = 2;

/**
 * An SVG document, such as those of this module, as a PNG file. Letters are those of the system's fonts.
 *
 * @throws CnnError UNSUPPORTED where the package sharp is not installed
 * @example await writeFile('confusion.png', await report.svgToPng(report.svgConfusion(matrix, names)));
 */
export async function svgToPng(document: string): Promise<Uint8Array> {
  const sharp = await loadSharp();
  // 72 dots per inch are one pixel a unit.
  return sharp(Buffer.from(document), { density: 72 * DENSITY })
    .png()
    .toBuffer();
}
