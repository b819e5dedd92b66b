import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { cnn } from './run-cnn.js';

const cwd = mkdtempSync(path.join(tmpdir(), 'cnn-export-'));
copyFileSync('models/softmax.keras', path.join(cwd, 'softmax.keras'));
after(() => rmSync(cwd, { recursive: true }));

for (const [to, file] of [
  ['digits', 'digits/saved_model.pb'],
  ['digits.pb', 'digits.pb'],
  ['digits.safetensors', 'digits.safetensors'],
  ['digits.weights.h5', 'digits.weights.h5'],
] as const) {
  test(`a model goes to ${to}`, async () => {
    const { code, stderr } = await cnn(['export', 'softmax.keras', '--to', to, '--quiet'], { cwd });
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(path.join(cwd, file)));
  });
}

for (const to of ['copy.keras', 'model.json']) {
  test(`what goes to ${to} is scored as the model it is from`, async () => {
    const { code, stderr } = await cnn(['export', 'softmax.keras', '--to', to], { cwd });
    assert.equal(code, 0, stderr);
    const scores = await Promise.all(
      ['softmax.keras', to].map(async (file) => {
        const { stdout } = await cnn(['evaluate', file, '--json'], { cwd });
        const { accuracy, loss } = JSON.parse(stdout);
        return { accuracy, loss };
      }),
    );
    assert.deepEqual(scores[1], scores[0]);
  });
}

test('without --to: exit 2', async () => {
  const { code, stderr } = await cnn(['export', 'softmax.keras'], { cwd });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /--to/);
});
