import path from 'node:path';
import { CnnError } from '../errors.js';
import { makeFolderFor, replaceFile } from '../replace-file.js';
import type { PictureFile } from '../report/html.js';
import { svgToPng } from '../report/rasterize.js';

/** SVG documents as files, each as `NAME.svg` and as `NAME.png`. @throws CnnError UNSUPPORTED without sharp */
async function pictureFiles(documents: ReadonlyMap<string, string>, scale: number): Promise<PictureFile[]> {
  const files = await Promise.all(
    [...documents].map(async ([name, document]) => [
      svgFile(name, document),
      { name: `${name}.png`, content: await svgToPng(document, { scale }) },
    ]),
  );
  return files.flat();
}

/** The same, small enough to go into a page; as SVG alone where there is nothing that makes PNG. */
export async function filesForPage(documents: ReadonlyMap<string, string>): Promise<PictureFile[]> {
  try {
    return await pictureFiles(documents, 1);
  } catch (error) {
    if (!(error instanceof CnnError && error.code === 'UNSUPPORTED')) throw error;
    return [...documents].map(([name, document]) => svgFile(name, document));
  }
}

function svgFile(name: string, document: string): PictureFile {
  return { name: `${name}.svg`, content: Buffer.from(document) };
}

/**
 * Writes SVG documents into a folder, each as `NAME.svg` and as `NAME.png`.
 *
 * @returns the paths of all files
 * @throws CnnError WRITE_FAILED; UNSUPPORTED where there is nothing that makes PNG
 */
export async function writePictures(
  folder: string,
  documents: ReadonlyMap<string, string>,
): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, content } of await pictureFiles(documents, 2)) {
    const file = path.join(folder, name);
    await makeFolderFor(file);
    await replaceFile(file, [content]);
    paths.push(file);
  }
  return paths;
}
