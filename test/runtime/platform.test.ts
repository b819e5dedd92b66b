import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import koffi from 'koffi';
import { cpuFeatures } from '../../src/runtime/cpu.js';
import { elfInterpreter, trimElf } from '../../src/runtime/elf.js';
import { unsupportedPlatform } from '../../src/runtime/platform.js';
import { temporaryFolder } from './fake-library.js';

const onLinux = process.platform === 'linux';
const hasCompiler = onLinux && spawnSync('cc', ['--version']).status === 0;

test('systems without a library are refused, with what to do instead', () => {
  const refused: [string, string, boolean, string[]][] = [
    ['linux', 'x64', true, ['avx']],
    ['linux', 'x64', false, ['sse4_2']],
    ['linux', 'ia32', false, []],
    ['darwin', 'x64', false, []],
    ['win32', 'x64', false, []],
    ['freebsd', 'x64', false, []],
  ];
  for (const system of refused) {
    const error = unsupportedPlatform(...system);
    assert.equal(error?.code, 'SETUP_UNSUPPORTED_PLATFORM', system.join());
    assert.ok(error.details.hint);
  }
  assert.equal(unsupportedPlatform('linux', 'x64', false, ['avx', 'avx2']), undefined);
  assert.equal(unsupportedPlatform('linux', 'arm64', false, ['asimd']), undefined);
  assert.equal(unsupportedPlatform('darwin', 'arm64', false, ['asimd']), undefined);
});

test('the features of a processor are read in the words of either architecture', () => {
  assert.deepEqual(cpuFeatures('model name: x\nflags\t\t: fpu avx avx2 amx_bf16 avx512f\n'), [
    'avx',
    'avx2',
    'avx512f',
    'amx_bf16',
  ]);
  assert.deepEqual(cpuFeatures('Features\t: fp asimd bf16 i8mm\n'), ['asimd', 'bf16', 'i8mm']);
  assert.equal(cpuFeatures('nothing of the kind'), undefined);
});

test("the loader that Node's own file names is found", { skip: !onLinux && 'no ELF here' }, () => {
  assert.match(elfInterpreter(process.execPath)!, /^\/.*ld-.*so/);
});

test('a trimmed library is smaller and does what it did', {
  skip: !hasCompiler && 'no C compiler here',
}, async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'answer.so');
  const source = 'int state = 40; int answer() { return state + 2; }';
  assert.equal(
    spawnSync('cc', ['-g3', '-shared', '-fPIC', '-x', 'c', '-', '-o', file], { input: source }).status,
    0,
  );
  const trimmed = path.join(folder, 'trimmed.so');
  copyFileSync(file, trimmed);
  const saved = await trimElf(trimmed);
  assert.ok(saved > 0);
  assert.equal(statSync(trimmed).size, statSync(file).size - saved);
  assert.equal(koffi.load(trimmed).func('int answer()')(), 42);
  assert.equal(await trimElf(trimmed), 0);
});

test('a file of another kind is not trimmed', async (t) => {
  const file = path.join(temporaryFolder(t), 'file');
  for (const content of [Buffer.alloc(0), Buffer.from('cffaedfe', 'hex'), Buffer.alloc(5000, 0x7f)]) {
    writeFileSync(file, content);
    assert.equal(await trimElf(file), 0);
    assert.ok(readFileSync(file).equals(content));
  }
});
