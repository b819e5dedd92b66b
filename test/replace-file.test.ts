import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { CnnError } from '../src/errors.js';
import { replaceFile } from '../src/replace-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-replace-'));
after(() => rmSync(folder, { recursive: true }));

describe('replaceFile', () => {
  const file = path.join(folder, 'file');

  it('writes all pieces, over what was there', async () => {
    writeFileSync(file, 'something old and longer');
    await replaceFile(file, [Buffer.from('one '), Buffer.from('two')]);
    assert.equal(readFileSync(file, 'utf8'), 'one two');
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  it('leaves the old file and nothing else where the content fails half-way', async () => {
    writeFileSync(file, 'old');
    const cause = new Error('half-way');
    async function* failing() {
      yield Buffer.from('new');
      throw cause;
    }
    await assert.rejects(replaceFile(file, failing()), (error) => {
      assert.ok(error instanceof CnnError && error.code === 'WRITE_FAILED');
      assert.equal(error.details.file, file);
      assert.equal(error.cause, cause);
      return true;
    });
    assert.equal(readFileSync(file, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  it('says so where there is no such folder', async () => {
    const nowhere = path.join(folder, 'nowhere', 'file');
    await assert.rejects(
      replaceFile(nowhere, []),
      (error) => error instanceof CnnError && error.code === 'WRITE_FAILED',
    );
  });
});
