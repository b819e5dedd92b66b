import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Files on loopback, as web servers offer them: whole, or the rest of one that has not changed. */
export interface FileServer {
  /** What it offers, by name. */
  readonly files: Record<string, Buffer>;
  /** How each request was answered. */
  readonly sent: ('whole' | 'rest' | 'nothing' | 'refusal')[];
  /** After so many bytes the connection breaks. */
  most: number;
  url(name: string): URL;
}

/** Starts a server that goes when the test ends. */
export async function serveFiles(t: TestContext, files: Record<string, Buffer>): Promise<FileServer> {
  const server = createServer((request, response) => {
    const bytes = files[request.url!.slice(1)];
    if (bytes === undefined) {
      sent.push('refusal');
      response.writeHead(404).end();
      return;
    }
    const etag = `"${bytes.toString('hex', 0, 64)}"`;
    const asked = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const start = request.headers['if-range'] === etag ? asked : 0;
    if (start === bytes.length) {
      sent.push('nothing');
      response.writeHead(416, { 'content-range': `bytes */${start}` }).end();
      return;
    }
    const isRest = start > 0;
    sent.push(isRest ? 'rest' : 'whole');
    response.writeHead(isRest ? 206 : 200, {
      etag,
      'content-length': bytes.length - start,
      ...(isRest ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const part = bytes.subarray(start, start + offered.most);
    response.write(part, () => {
      // A connection that breaks at once may take with it what was sent before.
      if (start + part.length < bytes.length) setTimeout(() => response.destroy(), 50);
      else response.end();
    });
  });
  const sent: FileServer['sent'] = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = (name: string) => new URL(`http://127.0.0.1:${port}/${name}`);
  const offered: FileServer = { files, sent, most: Number.POSITIVE_INFINITY, url };
  return offered;
}
