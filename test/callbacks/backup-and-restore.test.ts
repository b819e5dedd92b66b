import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LambdaCallback } from '../../src/callbacks/index.js';
import { train } from './backup-child.js';

const child = fileURLToPath(new URL('backup-child.js', import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), 'cnn-backup-'));
after(() => rmSync(root, { recursive: true }));
const newFolder = () => mkdtempSync(path.join(root, 'backup-'));

describe('BackupAndRestore has its folder for itself', () => {
  it('another process is refused, until the one that trains is killed; then the training goes on', async (t) => {
    const folder = newFolder();
    const trainer = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => trainer.kill('SIGKILL'));
    let said = '';
    trainer.stdout.setEncoding('utf8');
    // When the third epoch begins, two have been saved.
    while (!said.includes('2\n')) said += String(await once(trainer.stdout, 'data'));
    trainer.kill('SIGSTOP');
    await assert.rejects(train(folder, []), { code: 'LOCKED' });
    assert.ok(readdirSync(folder).includes('checkpoint.safetensors'));
    trainer.kill('SIGKILL');
    await once(trainer, 'close');
    const { epoch } = await train(folder, [], { epochs: 1 });
    assert.ok(epoch.length >= 2, `${epoch}`);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('what is no lock in its place is told, not waited for', async () => {
    const folder = newFolder();
    const lock = path.join(folder, 'lock');
    for (const put of [() => writeFileSync(lock, ''), () => mkdirSync(lock)]) {
      put();
      await assert.rejects(train(folder, []), { code: 'WRITE_FAILED' });
      rmSync(lock, { recursive: true });
    }
  });

  it('another training of this process is refused; the first one goes on unharmed', async () => {
    const folder = newFolder();
    let refused = 0;
    const rival = new LambdaCallback({
      async onEpochBegin() {
        await assert.rejects(train(folder, []), { code: 'LOCKED' });
        refused++;
      },
    });
    await train(folder, [rival], { epochs: 3 });
    assert.equal(refused, 3);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('a training that fails or cannot begin gives it back', async () => {
    const folder = newFolder();
    const spoiler = new LambdaCallback({
      onEpochBegin(epoch) {
        if (epoch === 1) throw new RangeError('spoiled');
      },
    });
    await assert.rejects(train(folder, [spoiler], { epochs: 3 }), RangeError);
    assert.deepEqual(readdirSync(folder), ['checkpoint.safetensors']);
    writeFileSync(path.join(folder, 'checkpoint.safetensors'), 'damaged');
    await assert.rejects(train(folder, []), { code: 'FILE_CORRUPT' });
    assert.deepEqual(readdirSync(folder), ['checkpoint.safetensors']);
  });
});
