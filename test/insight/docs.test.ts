import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { detectors } from '../../src/insight/detectors/index.js';

const page = readFileSync('docs/insight.md', 'utf8');

test('docs/insight.md lists every finding with the papers that its detector names', () => {
  const wrong = detectors.filter(({ code, source }) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\` `));
    const addresses = source.match(/https?:\/\/[^)\s]+/g) ?? [];
    return row === undefined || !addresses.every((address) => page.includes(address));
  });
  assert.deepEqual(
    wrong.map(({ code }) => code),
    [],
  );
});
