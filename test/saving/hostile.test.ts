// Opening any file never runs code, reads no other file, and takes no more memory or time than a model would: files
// that try are refused, each with a code.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CnnError } from '../../src/errors.js';
import { loadModel } from '../../src/models/load.js';
import { ready } from '../../src/runtime/backend.js';
import { peakMemory, resetPeak, restingMemory } from '../memory.js';
import { hostileArchives, rightArchive } from './hostile/archives.js';
import { hostileConfigs } from './hostile/configs.js';
import { archive, type HostileFile } from './hostile/good.js';
import { hostileWeights } from './hostile/weights.js';

const MEMORY = 64 * 2 ** 20;
const CODES = ['FILE_CORRUPT', 'UNSUPPORTED'];

async function open(bytes: Uint8Array): Promise<void> {
  (await loadModel(bytes)).dispose();
}

describe('hostile .keras files', () => {
  before(() => ready());

  it('open where nothing is wrong with them', async () => {
    await open(archive());
    await open(rightArchive());
  });

  const files: HostileFile[] = [...hostileArchives(), ...hostileConfigs(), ...hostileWeights()];

  it('are 200 at the least', () => assert.ok(files.length >= 200, String(files.length)));

  for (const { name, bytes } of files) {
    it(name, async () => {
      restingMemory();
      const before = resetPeak();
      await assert.rejects(
        () => open(bytes),
        (error) => {
          assert.ok(error instanceof CnnError, String(error));
          assert.ok(CODES.includes(error.code), `${error.code}: ${error.message}`);
          return true;
        },
      );
      const taken = peakMemory() - before;
      assert.ok(taken < MEMORY, `${taken} bytes`);
    });
  }
});
