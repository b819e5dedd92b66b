import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNode } from '../cli/run-cnn.js';

test('everything public is documented, and all links in it lead somewhere', async () => {
  const { code, stdout, stderr } = await runNode(['scripts/docs.mjs', '--check']);
  assert.equal(code, 0, `${stdout}${stderr}`);
});
