import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fetchFile } from '../../src/runtime/setup/fetch.js';
import { temporaryFolder } from './fake-library.js';

const bytes = randomBytes(300_000);

/** A server on loopback, and the ranges it was asked for. */
async function serve(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/archive.whl`), ranges };
}

/** Sends what is asked for, but breaks the connection after the given number of bytes. */
function partly(request: IncomingMessage, response: ServerResponse, etag: string, most: number): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const resume = start > 0 && request.headers['if-range'] === etag;
  const from = resume ? start : 0;
  if (from === bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${from}` }).end();
    return;
  }
  response.writeHead(resume ? 206 : 200, {
    etag,
    'content-length': bytes.length - from,
    ...(resume ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const part = bytes.subarray(from, from + most);
  response.write(part, () => {
    // A connection that breaks at once may take with it what was sent before.
    if (from + part.length < bytes.length) setTimeout(() => response.destroy(), 50);
    else response.end();
  });
}

test('a broken connection is continued where it broke', async (t) => {
  const folder = temporaryFolder(t);
  const { url, ranges } = await serve(t, (request, response) => partly(request, response, '"a"', 200_000));
  const file = await fetchFile(url, folder, () => {});
  assert.ok(readFileSync(file).equals(bytes));
  assert.equal(ranges.length, 2);
  assert.match(ranges[1]!, /^bytes=[1-9]\d*-$/);
});

test('what an earlier call left is continued, unless the file has changed meanwhile', async (t) => {
  const folder = temporaryFolder(t);
  let etag = '"a"';
  let most = 100_000;
  const { url, ranges } = await serve(t, (request, response) => partly(request, response, etag, most));
  const stop = new AbortController();
  const stopped = fetchFile(url, folder, () => stop.abort(), stop.signal);
  await assert.rejects(stopped);
  most = bytes.length;
  etag = '"b"';
  const file = await fetchFile(url, folder, () => {});
  assert.ok(readFileSync(file).equals(bytes));
  assert.match(ranges[1]!, /^bytes=\d+-$/);
});

test('a file that is whole is not fetched again', async (t) => {
  const folder = temporaryFolder(t);
  const answers: number[] = [];
  const { url } = await serve(t, (request, response) => {
    response.on('finish', () => answers.push(response.statusCode));
    partly(request, response, '"a"', bytes.length);
  });
  await fetchFile(url, folder, () => {});
  const file = await fetchFile(url, folder, () => {});
  assert.ok(readFileSync(file).equals(bytes));
  assert.deepEqual(answers, [200, 416]);
});

test('a refusal is final, and says so without the address', async (t) => {
  const { url, ranges } = await serve(t, (_request, response) => response.writeHead(404).end());
  await assert.rejects(
    fetchFile(url, temporaryFolder(t), () => {}),
    (error: Error) => {
      assert.equal((error as { code?: string }).code, 'SETUP_DOWNLOAD_FAILED');
      assert.doesNotMatch(error.message, /127\.0\.0\.1/);
      return true;
    },
  );
  assert.equal(ranges.length, 1);
});
