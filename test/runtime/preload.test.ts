import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { runNode } from '../cli/run-cnn.js';

const module = new URL('../../src/runtime/preload.js', import.meta.url).href;
const index = new URL('../../src/index.js', import.meta.url).href;
const maps = '/proc/self/maps';

function run(program: string, env: NodeJS.ProcessEnv = {}) {
  return runNode(['--input-type=module', '--eval', program], { env });
}

test('a library that was loaded ahead computes, and standard error is heard again', async () => {
  // Only a library that has computed here before is loaded ahead.
  await run(`(await import('${index}')).runtimeInfo()`);
  const { code, stdout, stderr } = await run(`
    const { preload } = await import('${module}');
    await preload();
    const { existsSync, readFileSync } = await import('node:fs');
    const isLoaded = existsSync('${maps}') && readFileSync('${maps}', 'utf8').includes('libtensorflow_cc');
    console.error('heard');
    const { runtimeInfo, tf } = await import('${index}');
    const { backend } = runtimeInfo();
    console.log(JSON.stringify({ isLoaded, backend, sum: tf.tensor1d([1, 2]).sum().dataSync()[0] }));`);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, 'heard\n');
  assert.deepEqual(JSON.parse(stdout), { isLoaded: existsSync(maps), backend: 'libtensorflow', sum: 3 });
});

test('nothing is loaded ahead for another backend, and a wrong path is told by who needs it', async () => {
  for (const env of [{ CNN_BACKEND: 'wasm' }, { CNN_LIBTENSORFLOW: '/nowhere' }]) {
    const { code, stdout, stderr } = await run(
      `
      const { preload } = await import('${module}');
      await preload();
      const { existsSync, readFileSync } = await import('node:fs');
      console.log(existsSync('${maps}') && readFileSync('${maps}', 'utf8').includes('libtensorflow_cc'));`,
      env,
    );
    assert.deepEqual([code, stdout, stderr], [0, 'false\n', '']);
  }
});
