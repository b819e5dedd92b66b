import path from 'node:path';
import { makeFolderFor, replaceFile } from '../replace-file.js';
import { svgToPng } from '../report/rasterize.js';

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
  const files: string[] = [];
  for (const [name, document] of documents) {
    for (const [extension, content] of [
      ['svg', Buffer.from(document)],
      ['png', await svgToPng(document)],
    ] as const) {
      const file = path.join(folder, `${name}.${extension}`);
      await makeFolderFor(file);
      await replaceFile(file, [content]);
      files.push(file);
    }
  }
  return files;
}
