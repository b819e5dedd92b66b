// The trained models that come along are what their cards say, and `cnn evaluate` scores them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cnn } from '../cli/run-cnn.js';

interface Card {
  file: string;
  bytes: number;
  sha256: string;
  command: string;
  seed: number;
  test: { samples: number; accuracy: number; loss: number };
}

/** The accuracy below which a model is not worth keeping. */
const AT_LEAST: Readonly<Record<string, number>> = { softmax: 0.92, mlp: 0.98, cnn: 0.992 };
const MODELS = path.resolve('models');

const cardOf = (name: string) => JSON.parse(readFileSync(path.join(MODELS, `${name}.json`), 'utf8')) as Card;

describe('models/', () => {
  it('has a card for each model, and a line in the README', () => {
    const files = readdirSync(MODELS);
    const readme = readFileSync(path.join(MODELS, 'README.md'), 'utf8');
    assert.deepEqual(
      files.filter((file) => file.endsWith('.keras')).sort(),
      Object.keys(AT_LEAST)
        .map((name) => `${name}.keras`)
        .sort(),
    );
    for (const name of Object.keys(AT_LEAST)) {
      const { file, command, seed, test } = cardOf(name);
      assert.equal(file, `${name}.keras`);
      assert.ok(command.endsWith(`--seed ${seed}`));
      const row = readme.split('\n').find((line) => line.includes(`[${file}](${name}.json)`));
      assert.ok(row?.includes(`${(test.accuracy * 100).toFixed(2)} %`) && row.includes(command), row);
    }
  });

  for (const [name, atLeast] of Object.entries(AT_LEAST)) {
    it(`${name}.keras is the file of its card, and has its score`, async () => {
      const card = cardOf(name);
      const bytes = readFileSync(path.join(MODELS, card.file));
      assert.equal(bytes.length, card.bytes);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), card.sha256);
      const args = [
        'evaluate',
        `models/${card.file}`,
        '--min-accuracy',
        String(atLeast),
        '--json',
        '--quiet',
      ];
      const { code, stdout, stderr } = await cnn(args);
      assert.equal(code, 0, stderr);
      const { samples, accuracy, loss } = JSON.parse(stdout);
      assert.equal(samples, card.test.samples);
      // Another processor adds in another order: a sample or two may fall on the other side.
      assert.ok(Math.abs(accuracy - card.test.accuracy) < 0.0005, String(accuracy));
      assert.ok(Math.abs(loss - card.test.loss) < 1e-4, String(loss));
    });
  }

  it('mlp.keras is what is scored where there is no run', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-trained-'));
    try {
      const { code, stdout, stderr } = await cnn(['evaluate', '--json'], { cwd: folder });
      assert.equal(code, 0, stderr);
      const { model, accuracy } = JSON.parse(stdout);
      assert.equal(model, path.join(MODELS, 'mlp.keras'));
      assert.ok(accuracy > 0.98);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
