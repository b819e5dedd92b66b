import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file of the page, with the path under which it is served. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly content: Uint8Array;
}

const FOLDER = new URL('page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
};

/** All files of the page, read once. */
export async function pageFiles(): Promise<PageFile[]> {
  const names = await readdir(fileURLToPath(FOLDER));
  return Promise.all(
    names.map(async (name) => ({
      path: name === 'index.html' ? '/' : `/${name}`,
      type: TYPES[name.split('.').at(-1)!]!,
      content: await readFile(new URL(name, FOLDER)),
    })),
  );
}
