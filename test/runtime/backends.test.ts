import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findLibrary } from '../../src/runtime/library.js';
import { hasNvidiaDriver } from '../../src/runtime/platform.js';
import type { Outcome, Task } from './backends/child.js';
import { bareEnvironment, ccName, fakeLibrary, temporaryFolder } from './fake-library.js';

type Computed = Extract<Outcome, { info: unknown }>;

const library = findLibrary();
const noLibrary = library === undefined && 'no libtensorflow here';

/** Runs the child; gives its outcome and the lines it wrote to standard error. */
async function run(env: NodeJS.ProcessEnv, task: Task = {}, cwd?: string) {
  const file = fileURLToPath(new URL('./backends/child.js', import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(task)], { env, cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const end = await new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  assert.equal(end, 0, stderr);
  return { outcome: JSON.parse(stdout) as Outcome, lines: stderr.split('\n').filter((line) => line !== '') };
}

async function computed(...args: Parameters<typeof run>): Promise<Computed & { lines: string[] }> {
  const { outcome, lines } = await run(...args);
  assert.ok('info' in outcome, JSON.stringify(outcome));
  return { ...outcome, lines };
}

async function failure(...args: Parameters<typeof run>): Promise<{ code: string; message: string }> {
  const { outcome } = await run(...args);
  assert.ok('failed' in outcome, JSON.stringify(outcome));
  return outcome.failed;
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((want, i) => {
    assert.ok(Math.abs(actual[i]! - want) <= 1e-5 * Math.max(1, Math.abs(want)), `${actual[i]}, not ${want}`);
  });
}

/** The folder of stock tfjs-node with its addon, built from its sources; where that cannot be, the test is skipped. */
async function installedAddon(t: TestContext): Promise<string | undefined> {
  const script = pathToFileURL(path.resolve('scripts/build-addon.mjs')).href;
  const { buildAddon, CannotBuild } = (await import(script)) as {
    buildAddon(): Promise<string>;
    CannotBuild: new () => Error;
  };
  try {
    return await buildAddon();
  } catch (error) {
    if (!(error instanceof CannotBuild)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

/** What every way to compute has to give. */
function assertComputes({ jit, step, variable, leaked }: Computed, reference: Computed): void {
  assertNear(jit.values, [70, 100, 150, 220, 10, 70, 100, 150, 220, 10]);
  assertNear(step, reference.step);
  assert.deepEqual(variable, {
    before: [1, 2, 3],
    added: [2, 3, 4],
    subtracted: [1.5, 3, 4],
    bound: [0, 0, 0],
    assigned: [7, 8, 9],
    codes: ['SHAPE_MISMATCH', 'DTYPE_MISMATCH', 'DISPOSED'],
  });
  assert.deepEqual(leaked, [0, 0, 0, 0]);
}

let plain: Computed & { lines: string[] };
before(async () => {
  plain = await computed({ ...process.env, CNN_BACKEND: 'cpu' });
});

describe('each way to compute gives the same', () => {
  test('plain JavaScript, asked for: no word on standard error', () => {
    assert.deepEqual(plain.info, { backend: 'cpu', device: 'cpu' });
    assertComputes(plain, plain);
    assert.equal(plain.jit.runs, 2);
    assert.deepEqual(plain.lines, []);
  });

  test('WebAssembly, asked for, on as many threads as wanted', async () => {
    for (const threads of [1, 2, 4]) {
      const task: Task = { devices: [{ device: 'cpu', options: { intraOpThreads: threads } }] };
      const wasm = await computed({ ...process.env, CNN_BACKEND: 'wasm' }, task);
      assert.deepEqual(wasm.info, { backend: 'wasm', device: 'cpu', threads });
      assertComputes(wasm, plain);
      assert.equal(wasm.jit.runs, 2);
      assert.deepEqual(wasm.lines, []);
    }
  });

  test('libtensorflow: functions are compiled, and nothing is said', { skip: noLibrary }, async () => {
    const native = await computed(process.env, { devices: [{ device: 'cpu' }] });
    assert.equal(native.info.backend, 'libtensorflow');
    assert.equal(native.info.device, 'cpu');
    assert.match(native.info.version!, /^\d+\.\d+/);
    assert.ok(native.info.libraryPath!.length > 0);
    assertComputes(native, plain);
    assert.equal(native.jit.runs, 1);
    assert.deepEqual(native.lines, []);
  });
});

describe('in a worker thread', () => {
  const program = `
    import { parentPort } from 'node:worker_threads';
    import { ready } from ${JSON.stringify(new URL('../../src/runtime/backend.js', import.meta.url).href)};
    import * as tf from ${JSON.stringify(new URL('../../src/tf.js', import.meta.url).href)};
    const product = tf.matMul(tf.ones([40, 60]), tf.ones([60, 30]));
    parentPort.postMessage([(await ready()).backend, product.dataSync()[0]]);`;
  const starter = `
    const { Worker } = require('node:worker_threads');
    const code = 'data:text/javascript,' + encodeURIComponent(process.argv[1]);
    new Worker(new URL(code)).on('message', (message) => console.log(JSON.stringify(message)));`;
  for (const backend of ['libtensorflow', 'wasm', 'cpu']) {
    test(`${backend} computes, and says nothing`, { skip: backend === 'libtensorflow' && noLibrary }, () => {
      const env = { ...process.env, CNN_BACKEND: backend };
      const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', starter, program], {
        env,
        encoding: 'utf8',
      });
      assert.deepEqual([stdout, stderr, status], [`["${backend}",60]\n`, '', 0]);
    });
  }
});

describe('without libtensorflow', () => {
  test('the addon of an installed tfjs-node computes, and one line says so', async (t) => {
    const folder = temporaryFolder(t);
    const installed = await installedAddon(t);
    if (installed === undefined) return;
    // Its deps/lib, which holds a libtensorflow that would be preferred, stays where it is.
    const place = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
    const lib = path.join('lib', 'napi-v8');
    mkdirSync(path.join(place, lib), { recursive: true });
    writeFileSync(path.join(place, 'package.json'), '{}');
    symlinkSync(path.join(installed, lib, 'tfjs_binding.node'), path.join(place, lib, 'tfjs_binding.node'));
    const env = bareEnvironment(folder);
    for (const CNN_BACKEND of ['', 'addon']) {
      const { lines, ...outcome } = await computed({ ...env, CNN_BACKEND }, {}, folder);
      assert.equal(outcome.info.backend, 'addon');
      assert.equal(outcome.info.libraryPath, path.join(place, lib, 'tfjs_binding.node'));
      assert.match(outcome.info.version!, /^\d+\.\d+/);
      assertComputes(outcome, plain);
      assert.equal(outcome.jit.runs, 2);
      assert.equal(lines.length, CNN_BACKEND === '' ? 1 : 0, lines.join('\n'));
      assert.match(lines[0] ?? 'cnn setup', /cnn setup/);
    }
  });

  test('an addon that does not load is passed over', async (t) => {
    const folder = temporaryFolder(t);
    const place = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
    mkdirSync(path.join(place, 'lib/napi-v8'), { recursive: true });
    writeFileSync(path.join(place, 'package.json'), '{}');
    writeFileSync(path.join(place, 'lib/napi-v8/tfjs_binding.node'), 'not an addon');
    const { info, lines } = await computed(bareEnvironment(folder), {}, folder);
    assert.equal(info.backend, 'wasm');
    assert.equal(lines.length, 1, lines.join('\n'));
  });

  test('WebAssembly computes, and one line says so and how to mend it', async (t) => {
    const folder = temporaryFolder(t);
    const { info, lines, ...outcome } = await computed(bareEnvironment(folder), {}, folder);
    assert.equal(info.backend, 'wasm');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0]!, /cnn setup/);
    assert.match(lines[0]!, /WebAssembly/);
    assertComputes({ info, ...outcome }, plain);
  });

  test('where WebAssembly fails too, plain JavaScript computes', async (t) => {
    const folder = temporaryFolder(t);
    const preload = path.join(folder, 'no-wasm.cjs');
    writeFileSync(preload, `WebAssembly.Module = function () { throw new Error('no WebAssembly'); };`);
    const env = { ...bareEnvironment(folder), NODE_OPTIONS: `--require ${preload}` };
    const { info, lines } = await computed(env, {}, folder);
    assert.equal(info.backend, 'cpu');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0]!, /no WebAssembly/);
  });

  test('a library that does not load is passed over, and the line says why', async (t) => {
    const folder = temporaryFolder(t);
    const env = bareEnvironment(folder);
    fakeLibrary(path.join(env.CNN_CACHE!, `libtensorflow-2.21.0-${process.platform}-${process.arch}-cpu`));
    const { info, lines } = await computed(env, {}, folder);
    assert.equal(info.backend, 'wasm');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0]!, /libtensorflow-2\.21\.0/);
  });

  test('of two libraries the one that works is taken', { skip: noLibrary }, async (t) => {
    const folder = temporaryFolder(t);
    const env = bareEnvironment(folder);
    const entry = (version: string) =>
      path.join(env.CNN_CACHE!, `libtensorflow-${version}-${process.platform}-${process.arch}-cpu`);
    fakeLibrary(entry('9.9.9'));
    mkdirSync(env.CNN_CACHE!, { recursive: true });
    symlinkSync(path.dirname(library!.cc), entry('2.21.0'));
    const { info, lines } = await computed(env, {}, folder);
    assert.equal(info.libraryPath, path.join(entry('2.21.0'), ccName));
    assert.deepEqual(lines, []);
  });
});

describe('what is asked for is not replaced', () => {
  test('a file that is no library', async (t) => {
    const folder = temporaryFolder(t);
    const file = path.join(folder, 'text.so');
    writeFileSync(file, 'not a library');
    const env = { ...process.env, CNN_LIBTENSORFLOW: file };
    assert.equal((await failure(env)).code, 'LIBRARY_UNUSABLE');
    assert.equal((await failure({ ...env, CNN_LIBTENSORFLOW: `${file}.gone` })).code, 'LIBRARY_NOT_FOUND');
    const broken = fakeLibrary(path.join(folder, 'broken'));
    assert.equal((await failure({ ...env, CNN_LIBTENSORFLOW: broken })).code, 'LIBRARY_UNUSABLE');
  });

  test('a backend that is not here', async (t) => {
    const folder = temporaryFolder(t);
    const env = bareEnvironment(folder);
    for (const CNN_BACKEND of ['libtensorflow', 'addon']) {
      assert.equal((await failure({ ...env, CNN_BACKEND }, {}, folder)).code, 'LIBRARY_NOT_FOUND');
    }
  });

  test('names that are none', async () => {
    const misspelled = await failure({ ...process.env, CNN_BACKEND: 'wsm' });
    assert.equal(misspelled.code, 'UNKNOWN_NAME');
    assert.match(misspelled.message, /"wasm"/);
    assert.equal((await failure({ ...process.env, CNN_DEVICE: 'tpu' })).code, 'UNKNOWN_NAME');
  });

  test('a GPU where there is none', {
    skip: hasNvidiaDriver() && 'an NVIDIA driver is loaded',
  }, async (t) => {
    const wanted = { device: 'gpu' } as const;
    const bare = bareEnvironment(temporaryFolder(t));
    for (const env of [process.env, bare, { ...bare, CNN_BACKEND: 'wasm' }]) {
      const { code, message } = await failure(env, { devices: [wanted] });
      assert.equal(code, 'DEVICE_UNAVAILABLE');
      assert.match(message, /cnn setup --gpu/);
      assert.equal((await failure({ ...env, CNN_DEVICE: 'gpu' })).code, 'DEVICE_UNAVAILABLE');
    }
  });

  test("CUDA's build where there is no GPU: the CPU computes, silently, and an error names what is missing", {
    skip: hasNvidiaDriver() ? 'an NVIDIA driver is loaded' : noLibrary,
  }, async (t) => {
    // Told by the NVIDIA libraries beside it; the code is that of the CPU's build.
    const folder = temporaryFolder(t);
    const cuda = path.join(folder, 'tensorflow');
    for (const place of [cuda, path.join(folder, 'nvidia')]) mkdirSync(place);
    for (const file of [library!.cc, library!.framework]) {
      symlinkSync(file, path.join(cuda, path.basename(file)));
    }
    const env = { ...process.env, CNN_LIBTENSORFLOW: cuda };
    const { info, lanes, lines } = await computed(env);
    assert.deepEqual([info.backend, info.device, lines], ['libtensorflow', 'cpu', []]);
    assert.equal(lanes, (await computed(process.env)).lanes, 'laid out for the CPU');
    const { code, message } = await failure(env, { devices: [{ device: 'gpu' }] });
    assert.equal(code, 'DEVICE_UNAVAILABLE');
    assert.match(message, /driver/);
    assert.doesNotMatch(message, /cnn setup/);
  });

  test('another device or number of threads once the runtime has started', async () => {
    const env = { ...process.env, CNN_BACKEND: 'wasm', CNN_DEVICE: 'cpu' };
    const same = [{ device: 'cpu' }, { device: 'auto' }, { device: 'cpu' }] as const;
    assert.equal((await computed(env, { devices: same })).info.backend, 'wasm');
    const gpu = [{ device: 'cpu' }, { device: 'gpu' }] as const;
    assert.equal((await failure(env, { devices: gpu })).code, 'DEVICE_UNAVAILABLE');
    const threads = [{ device: 'cpu' }, { device: 'cpu', options: { intraOpThreads: 3 } }] as const;
    assert.equal((await failure(env, { devices: threads })).code, 'DEVICE_UNAVAILABLE');
    const none = [{ device: 'cpu', options: { intraOpThreads: 0 } }] as const;
    assert.equal((await failure(env, { devices: none })).code, 'INVALID_ARGUMENT');
  });
});
