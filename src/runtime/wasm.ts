import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fallbackKernels, type WasmBackend, type WasmModule } from './fallback-kernels.js';
import { registerWasmKernels } from './wasm-kernels/index.js';

/** What is used of the global that Node has and its types lack. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (code: object, imports: object) => { readonly exports: object };
};

/** tfjs's compiled code uses no more. */
const MAX_THREADS = 4;

/**
 * Starts tfjs's WebAssembly backend, with SIMD and threads. All of it happens before this returns, so that it can
 * serve a synchronous call: the code is compiled here, and the threads start while this one waits for them.
 *
 * @param threads how many compute, at most 4; default: one per core
 * @throws Error where this processor or Node cannot run it
 */
export function startWasm(threads = os.availableParallelism()): { backend: WasmBackend; threads: number } {
  const { BackendWasm, setThreadsCount, single, threaded } = fallbackKernels();
  const count = Math.max(1, Math.min(threads, MAX_THREADS));
  const module =
    count > 1
      ? instantiate(threaded, 'tfjs-backend-wasm-threaded-simd.wasm', count)
      : instantiate(single, 'tfjs-backend-wasm-simd.wasm', count);
  setThreadsCount(count);
  const backend = new BackendWasm(module);
  for (const worker of module.PThread?.runningWorkers ?? []) worker.unref();
  registerWasmKernels();
  return { backend, threads: count };
}

type Factory = ReturnType<typeof fallbackKernels>['single'];

function instantiate(factory: Factory, file: string, threads: number): WasmModule {
  const inFolder = (name: string) => fileURLToPath(new URL(`./wasm/${name}`, import.meta.url));
  const code = new WebAssembly.Module(readFileSync(inFolder(file)));
  const module: WasmModule = {
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(code, imports);
      done(instance, code);
      return instance.exports;
    },
    locateFile: (name) => (name.endsWith('.worker.js') ? inFolder('worker.cjs') : name),
    mainScriptUrlOrBlob: inFolder('threaded.cjs'),
  };
  const require = createRequire(import.meta.url);
  // Its threads are half of the processors that it is told of.
  const cpus = () => ({ length: 2 * threads });
  const { hrtime, versions } = process;
  factory(
    { argv: [], hrtime, on() {}, versions },
    {},
    Worker,
    (name) => (name === 'os' ? { cpus } : require(name)),
    '.',
  )(module);
  const bind = (name: string, result: 'number' | null, args: number) =>
    module.cwrap!(name, result, new Array<string>(args).fill('number'));
  module.tfjs = {
    init: bind('init', null, 0),
    initWithThreadsCount: bind('init_with_threads_count', null, 1),
    getThreadsCount: bind('get_threads_count', 'number', 0),
    registerTensor: bind('register_tensor', null, 3),
    disposeData: bind('dispose_data', null, 1),
    dispose: bind('dispose', null, 0),
  };
  return module;
}
