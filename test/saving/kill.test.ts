// A process is killed at a random moment while it saves one checkpoint after the other: the file is the last one that
// was saved, or the one that was being saved, whole.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeLeftovers } from '../../src/replace-file.js';
import { readCheckpoint } from '../../src/saving/checkpoint.js';

const KILLS = process.env.CNN_CAMPAIGN === 'full' ? 1000 : 20;
const SIZE = 100_000;
const child = fileURLToPath(new URL('save-child.js', import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), 'cnn-kill-'));
after(() => rmSync(root, { recursive: true }));

/** @returns the last value that the process said it had saved */
async function saveUntilKilled(folder: string, first: number): Promise<number> {
  const saver = spawn(process.execPath, [child, folder, 'forever', String(first), String(SIZE)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  saver.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(saver.stdout, 'data');
  await delay(Math.random() * 30);
  saver.kill('SIGKILL');
  await once(saver, 'close');
  return Number(said.trim().split('\n').at(-1));
}

async function campaign(kills: number): Promise<{ leftovers: number }> {
  const folder = mkdtempSync(path.join(root, 'run-'));
  const file = path.join(folder, 'checkpoint.safetensors');
  let leftovers = 0;
  let value = 0;
  for (let i = 0; i < kills; i++) {
    const saved = await saveUntilKilled(folder, value + 1);
    const { tensors, state } = await readCheckpoint(file);
    value = state.value as number;
    assert.ok(value === saved || value === saved + 1, `said ${saved}, found ${value}`);
    for (const { data } of tensors.values()) assert.ok(data.every((each) => each === value));
    leftovers += readdirSync(folder).length - 1;
    await removeLeftovers(file);
    assert.deepEqual(readdirSync(folder), [path.basename(file)]);
  }
  return { leftovers };
}

describe('killed while saving', () => {
  it(`${KILLS} times: the old checkpoint or the new one, whole`, async (t) => {
    const parts = await Promise.all([campaign(KILLS / 2), campaign(KILLS / 2)]);
    const leftovers = parts.reduce((sum, part) => sum + part.leftovers, 0);
    t.diagnostic(`${leftovers} of ${KILLS} were killed while a file was half written`);
  });
});
