// oneDNN's kernels: taken on every x86-64 processor with AVX2, unless the user says otherwise.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cpuFeatures } from '../../src/runtime/cpu.js';

const index = fileURLToPath(new URL('../../src/index.js', import.meta.url));
const program = `
  const { setDevice, tf } = await import(${JSON.stringify(index)});
  await setDevice('cpu');
  const y = tf.conv2d(tf.ones([1, 8, 8, 4]), tf.ones([3, 3, 4, 8]), 1, 'same');
  console.log('sum', y.sum().dataSync()[0]);`;

/** What oneDNN tells of its work, and the program's line. */
function run(env: Record<string, string>): string {
  const { TF_ENABLE_ONEDNN_OPTS: _, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...rest, ONEDNN_VERBOSE: '1', ...env },
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /^sum 15488$/m);
  return stdout;
}

const skip = !(process.arch === 'x64' && cpuFeatures()?.includes('avx2')) && 'not an x86-64 with AVX2';

describe('oneDNN', { skip }, () => {
  it('convolves', () => {
    assert.match(run({}), /exec,cpu,convolution,/);
  });

  it('does not where the user has said so', () => {
    assert.doesNotMatch(run({ TF_ENABLE_ONEDNN_OPTS: '0' }), /exec,cpu,convolution,/);
  });
});
