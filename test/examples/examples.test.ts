import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runNode } from '../cli/run-cnn.js';

const NUMBER = /-?\d+(?:\.\d+)?/g;

describe('examples', () => {
  for (const name of readdirSync('examples').filter((file) => file.endsWith('.js'))) {
    it(`${name} prints what its comment says`, async () => {
      const file = path.join('examples', name);
      const source = readFileSync(file, 'utf8');
      const said = (source.split('\n// Output:\n//\n')[1] ?? '').trimEnd().replace(/^\/\/ ?/gm, '');
      assert.notEqual(said, '', `${file} ends with "// Output:" and what it prints`);
      const { code, stdout, stderr } = await runNode([file]);
      assert.equal(code, 0, stderr);
      const printed = stdout.trimEnd();
      // Another processor rounds otherwise, and training makes more of it.
      const trains = /\.fit\(|minimize\(/.test(source);
      if (!trains) assert.equal(printed, said);
      assert.equal(printed.replace(NUMBER, '#'), said.replace(NUMBER, '#'), printed);
      const expected = said.match(NUMBER) ?? [];
      for (const [i, number] of (printed.match(NUMBER) ?? []).entries()) {
        const wanted = Number(expected[i]);
        assert.ok(
          Math.abs(Number(number) - wanted) <= 0.02 + 0.1 * Math.abs(wanted),
          `${number}, not ${wanted}`,
        );
      }
    });
  }
});
