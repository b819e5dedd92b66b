// Every call of the file system that saving makes fails in turn: the error names the file, and what is in its place is
// the old checkpoint or the new one, whole.
import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CnnError } from '../../src/errors.js';
import { dense } from '../../src/layers/index.js';
import { loadModel, Sequential } from '../../src/models/index.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { readCheckpoint, writeCheckpoint } from '../../src/saving/checkpoint.js';
import { onFaultyDisk } from './faulty-disk.js';

const codes = ['ENOSPC', 'EIO', 'EACCES', 'EROFS'];
/** Each call fails with each code in the full size, else in turn with one of them. */
const codesOf = (call: number) =>
  process.env.CNN_CAMPAIGN === 'full' ? codes : [codes[call % codes.length]!];
const root = mkdtempSync(path.join(os.tmpdir(), 'cnn-faults-'));
after(() => rmSync(root, { recursive: true }));

/** A thing that is saved and read back as one number. */
interface Kind {
  readonly file: string;
  save(file: string, value: number): Promise<void>;
  load(file: string): Promise<number>;
}

const kinds: Record<string, Kind> = {
  checkpoints: {
    file: 'checkpoint.safetensors',
    save: (file, value) =>
      writeCheckpoint(file, {
        tensors: new Map([['a', new HostArray([50_000], new Float32Array(50_000).fill(value))]]),
        state: { value },
      }),
    async load(file) {
      const { tensors, state } = await readCheckpoint(file);
      assert.ok(tensors.get('a')!.data.every((each) => each === state.value));
      return state.value as number;
    },
  },
  models: {
    file: 'model.keras',
    async save(file, value) {
      const model = new Sequential([dense({ units: 1, inputShape: [1] })]);
      model.setWeights([
        new HostArray([1, 1], Float32Array.of(value)),
        new HostArray([1], Float32Array.of(value)),
      ]);
      await model.save(file).finally(() => model.dispose());
    },
    async load(file) {
      const model = await loadModel(file);
      const [kernel, bias] = model.getWeights().map(({ data }) => data[0]!);
      model.dispose();
      assert.equal(kernel, bias);
      return kernel!;
    },
  },
};

for (const [name, { file: fileName, save, load }] of Object.entries(kinds)) {
  describe(`saving ${name} on a disk that fails`, () => {
    const folder = mkdtempSync(path.join(root, 'disk-'));
    const file = path.join(folder, fileName);

    const failsWith = (fails: Parameters<typeof onFaultyDisk>[0], code: string, what: string) =>
      assert.rejects(
        onFaultyDisk(fails, () => save(file, 2)),
        (error) => {
          assert.ok(error instanceof CnnError && error.code === 'WRITE_FAILED', what);
          assert.equal(error.details.file, file, what);
          assert.equal((error.cause as NodeJS.ErrnoException).code, code, what);
          return error.message.includes(file);
        },
        what,
      );

    it('at one call: the old one or the new one, whole, and nothing beside it', async () => {
      const calls = await onFaultyDisk(
        () => undefined,
        () => save(file, 1),
      );
      assert.ok(calls.includes('sync') && calls.includes('rename') && calls.includes('read'));
      for (let at = 0; at < calls.length; at++) {
        for (const code of codesOf(at)) {
          await save(file, 1);
          await failsWith((_, number) => (number === at ? code : undefined), code, `${calls[at]} ${at}`);
          assert.equal(await load(file), at <= calls.indexOf('rename') ? 1 : 2, `${calls[at]} ${at}`);
          assert.deepEqual(readdirSync(folder), [fileName]);
        }
      }
    });

    it('from some call on: the same', async () => {
      await save(file, 1);
      const calls = await onFaultyDisk(
        () => undefined,
        () => save(file, 1),
      );
      for (let from = 0; from <= calls.indexOf('rename'); from++) {
        for (const code of codesOf(from)) {
          await failsWith((_, number) => (number >= from ? code : undefined), code, `${calls[from]} ${from}`);
          assert.equal(await load(file), 1);
        }
      }
    });
  });
}

describe('saving on a disk that is full, or read-only', () => {
  /** Runs shell commands with a file system of 300 KB at $DISK; null where the system does not allow that. */
  function onSmallDisk(commands: string): string | null {
    const disk = mkdtempSync(path.join(root, 'small-'));
    const mount = `mount -t tmpfs -o size=300k tmpfs "$DISK"`;
    const run = (script: string) =>
      spawnSync('unshare', ['-rm', 'sh', '-ec', script], {
        encoding: 'utf8',
        env: { ...process.env, DISK: disk, NODE: process.execPath },
      });
    if (run(mount).status !== 0) return null;
    const { stdout, stderr, status } = run(`${mount}\n${commands}`);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  const child = fileURLToPath(new URL('save-child.js', import.meta.url));

  it('says so, and the old checkpoint is there', (t) => {
    const output = onSmallDisk(`
      "$NODE" "${child}" "$DISK" once 1 40000
      "$NODE" "${child}" "$DISK" once 2 40000
      mount -o remount,ro "$DISK"
      "$NODE" "${child}" "$DISK" once 3 10
    `);
    if (output === null) {
      t.skip('unshare and mount are not allowed here');
      return;
    }
    const file = 'checkpoint.safetensors';
    assert.deepEqual(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { saved: 1, found: 1, names: [file] },
        { code: 'WRITE_FAILED', cause: 'ENOSPC', found: 1, names: [file] },
        { code: 'WRITE_FAILED', cause: 'EROFS', found: 1, names: [file] },
      ],
    );
  });
});
