import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runNode } from '../cli/run-cnn.js';
import { assertPrinted, trains } from '../printed.js';

describe('examples', () => {
  for (const name of readdirSync('examples').filter((file) => file.endsWith('.js'))) {
    it(`${name} prints what its comment says`, async () => {
      const file = path.join('examples', name);
      const source = readFileSync(file, 'utf8');
      const said = (source.split('\n// Output:\n//\n')[1] ?? '').trimEnd().replace(/^\/\/ ?/gm, '');
      assert.notEqual(said, '', `${file} ends with "// Output:" and what it prints`);
      const { code, stdout, stderr } = await runNode([file]);
      assert.equal(code, 0, stderr);
      assertPrinted(stdout.trimEnd(), said, { trains: trains(source) });
    });
  }
});
