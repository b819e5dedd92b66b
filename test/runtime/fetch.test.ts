import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fetchFile } from '../../src/runtime/setup/fetch.js';
import { temporaryFolder } from './fake-library.js';
import { serveFiles } from './file-server.js';

const bytes = randomBytes(300_000);
const name = 'archive.whl';

test('a broken connection is continued where it broke', async (t) => {
  const server = await serveFiles(t, { [name]: bytes });
  server.most = 200_000;
  const file = await fetchFile(server.url(name), temporaryFolder(t), () => {});
  assert.ok(readFileSync(file).equals(bytes));
  // On a machine that is slow to read, a connection may break before anything of it was read.
  assert.deepEqual([server.sent[0], server.sent.at(-1)], ['whole', 'rest']);
});

test('what an earlier call left is continued, unless the file has changed meanwhile', async (t) => {
  const folder = temporaryFolder(t);
  const server = await serveFiles(t, { [name]: bytes });
  const fetchAndStop = () => {
    const stop = new AbortController();
    return fetchFile(server.url(name), folder, () => stop.abort(), stop.signal);
  };
  await assert.rejects(fetchAndStop());
  await assert.rejects(fetchAndStop());
  const changed = randomBytes(300_000);
  server.files[name] = changed;
  const file = await fetchFile(server.url(name), folder, () => {});
  assert.ok(readFileSync(file).equals(changed));
  assert.deepEqual(server.sent, ['whole', 'rest', 'whole']);
});

test('a file that is whole is not fetched again', async (t) => {
  const folder = temporaryFolder(t);
  const server = await serveFiles(t, { [name]: bytes });
  await fetchFile(server.url(name), folder, () => {});
  const file = await fetchFile(server.url(name), folder, () => {});
  assert.ok(readFileSync(file).equals(bytes));
  assert.deepEqual(server.sent, ['whole', 'nothing']);
});

test('a refusal is final, and says so without the address', async (t) => {
  const server = await serveFiles(t, {});
  await assert.rejects(
    fetchFile(server.url(name), temporaryFolder(t), () => {}),
    (error: Error) => {
      assert.equal((error as { code?: string }).code, 'SETUP_DOWNLOAD_FAILED');
      assert.doesNotMatch(error.message, /127\.0\.0\.1/);
      return true;
    },
  );
  assert.deepEqual(server.sent, ['refusal']);
});
