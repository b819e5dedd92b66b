import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { cnn, main } from './run-cnn.js';

test('cnn serve prints its address, answers, and ends well by Ctrl-C', async () => {
  const args = [main, 'serve', '--model', 'models/mlp.keras', '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const { event, url } = JSON.parse(line);
  assert.equal(event, 'serving');
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /Draw a digit/);
  // The browser's connection is still open, which must not keep it from ending.
  child.kill('SIGINT');
  const [code, signal] = await once(child, 'close');
  assert.deepEqual([code, signal], [0, null], stderr);
  assert.doesNotMatch(stderr, /bug|warning/i);
});

test('cnn serve refuses a port that is none', async () => {
  for (const port of ['-1', '65536', 'x', '80.5']) {
    assert.equal((await cnn(['serve', '--port', port])).code, 2, port);
  }
});
