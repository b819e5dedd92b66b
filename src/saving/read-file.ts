import { corruptFile, readBytes } from '../datasets/bytes.js';

/** A whole file. @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_CORRUPT when it changes while it is read */
export function readFile(file: string): Promise<Uint8Array> {
  return readBytes(file, async ({ fileSize, chunks }) => {
    const bytes = new Uint8Array(fileSize);
    let at = 0;
    for await (const chunk of chunks) {
      if (at + chunk.length > fileSize) throw corruptFile(file, fileSize, `${fileSize} bytes`, 'more');
      bytes.set(chunk, at);
      at += chunk.length;
    }
    if (at < fileSize) throw corruptFile(file, at, `${fileSize} bytes`, String(at));
    return bytes;
  });
}
