import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { runNode } from './run-cnn.js';

const moduleUrl = new URL('../../src/cli/stop-signals.js', import.meta.url);

/** A program that works until it is told to stop, and then takes `saving` milliseconds to save. */
function program(saving: number): string[] {
  const code = `
    import { StopSignals } from ${JSON.stringify(moduleUrl)};
    const stop = new StopSignals(() => process.stderr.write('stopping\\n'));
    const work = setInterval(() => {
      if (!stop.signal.aborted) return;
      clearInterval(work);
      setTimeout(() => {
        stop.release();
        process.exitCode = stop.exitCode;
        process.stdout.write('saved');
      }, ${saving});
    }, 1);
    process.stderr.write('working\\n');`;
  return ['--input-type=module', '--eval', code];
}

function once(word: string, act: (child: ChildProcess) => void) {
  let isDone = false;
  return (child: ChildProcess, text: string) => {
    if (isDone || !text.includes(word)) return;
    isDone = true;
    act(child);
  };
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`the first ${signal} lets the work end in order`, async () => {
    const ended = await runNode(program(0), { onStderr: once('working', (child) => child.kill(signal)) });
    assert.deepEqual([ended.code, ended.stdout], [code, 'saved']);
  });
}

test('the echo that npm sends is not a second signal', async () => {
  const twice = (child: ChildProcess) => {
    child.kill('SIGINT');
    setImmediate(() => child.kill('SIGINT'));
  };
  const ended = await runNode(program(50), { onStderr: once('working', twice) });
  assert.deepEqual([ended.code, ended.stdout], [130, 'saved']);
});

test('a second signal ends the process at once', async () => {
  const again = async (child: ChildProcess) => {
    await wait(400);
    child.kill('SIGINT');
  };
  const first = once('working', (child) => child.kill('SIGINT'));
  const second = once('stopping', again);
  const ended = await runNode(program(60_000), {
    onStderr: (child, text) => {
      first(child, text);
      second(child, text);
    },
  });
  assert.deepEqual([ended.signal, ended.stdout], ['SIGINT', '']);
});
