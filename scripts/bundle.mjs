// Bundles what Node cannot load, or should not load, as published:
//   dist/src/tf.js                     tfjs-core with all gradients and chained ops, as one ES module;
//   dist/src/runtime/node-kernels.js   tfjs-node's backend class and kernels, from the TypeScript source in its
//                                      package. So users never run tfjs-node's install script, and its compiled
//                                      ES5 (which calls functions that Node 23 removed) is never loaded.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: '/*! Bundled from TensorFlow.js, Copyright Google LLC, Apache-2.0. See NOTICE. */' },
};

/** Another copy of tfjs in the process may have set the platform already, and tfjs would print that. */
const onePlatform = {
  name: 'one-platform',
  setup({ onLoad }) {
    onLoad({ filter: /platforms[/\\]platform_node\.js$/ }, ({ path: file }) => ({
      contents: replaceOnce(file, [
        ["if (env().get('IS_NODE')", "if (!env().platform && env().get('IS_NODE')"],
      ]),
    }));
  },
};

/** A file's text with some replacements, each of which has to be possible. */
function replaceOnce(file, replacements) {
  return replacements.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      return text.replace(from, to);
    },
    readFileSync(file, 'utf8'),
  );
}

await build({
  ...common,
  entryPoints: ['src/tf.ts'],
  plugins: [onePlatform],
  outfile: 'dist/src/tf.js',
  ignoreAnnotations: true,
  external: ['node-fetch', 'string_decoder'],
  banner: {
    js: `${common.banner.js}\nimport { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
  },
});

/** What tfjs-node's sources import, and what the bundle takes instead. */
const replacements = {
  name: 'replacements',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@tensorflow\/tfjs(-core)?$/ }, () => ({ path: '../tf.js', external: true }));
    onResolve({ filter: /^util$/ }, () => ({ path: 'util', namespace: 'replaced' }));
    onLoad({ filter: /^util$/, namespace: 'replaced' }, () => ({
      contents: 'export const isArray = Array.isArray; export const isNullOrUndefined = (x) => x == null;',
    }));
    // Protocol buffers serve only tfjs-node's own summary writer; ours is in report/.
    onResolve({ filter: /\/proto\/api_pb$/ }, () => ({ path: 'api_pb', namespace: 'replaced' }));
    onLoad({ filter: /^api_pb$/, namespace: 'replaced' }, () => ({ contents: 'module.exports = {};' }));
    // A program may have imported stock tfjs-node before, with the same kernels, and tfjs prints a line for each.
    onLoad({ filter: /tfjs-node[/\\]src[/\\]register_all_kernels\.ts$/ }, ({ path: file }) => ({
      contents: replaceOnce(file, [
        ['{KernelConfig, registerKernel}', '{getKernel, KernelConfig, registerKernel}'],
        [
          '  registerKernel(',
          "  if (getKernel(kernelConfig.kernelName, 'tensorflow') == null) registerKernel(",
        ],
      ]),
      loader: 'ts',
    }));
    // tfjs-node's GatherV2 reads its indices back at every call; ours is runtime/gather-kernel.ts.
    onResolve({ filter: /\/GatherV2$/ }, () => ({ path: './gather-kernel.js', external: true }));
    // TensorFlow's Round is wrong for int32, which tfjs-node's kernel passes on; ours is runtime/round-kernel.ts.
    onResolve({ filter: /\/Round$/ }, () => ({ path: './round-kernel.js', external: true }));
  },
};

await build({
  ...common,
  stdin: {
    contents: `import './register_all_kernels'; export { NodeJSKernelBackend } from './nodejs_kernel_backend';`,
    resolveDir: path.resolve('node_modules/@tensorflow/tfjs-node/src'),
    loader: 'ts',
  },
  outfile: 'dist/src/runtime/node-kernels.js',
  plugins: [replacements],
});

// The fallbacks: tfjs's kernels on WebAssembly and in plain JavaScript. Loaded only where there is no libtensorflow,
// and then at once, in the middle of a synchronous call: so a CommonJS file, which is given tfjs as an argument.
const wasmPackage = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm');
const wasmTarget = 'dist/src/runtime/wasm';
const tfNames = Object.keys(await import('../dist/src/tf.js'));

const fallbacks = {
  name: 'fallbacks',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@tensorflow\/tfjs-core/ }, () => ({ path: 'tf', namespace: 'tf' }));
    onLoad({ filter: /./, namespace: 'tf' }, () => ({
      contents: `
        const { ${tfNames.filter((name) => name !== 'registerKernel').join(', ')} } = tf;
        // Another copy of tfjs in the process may have brought the same kernels.
        const registerKernel = (config) => {
          if (getKernel(config.kernelName, config.backendName) === undefined) tf.registerKernel(config);
        };
        export { ${tfNames.join(', ')} };`,
    }));
    // Emscripten's code listens to the process's errors and puts names on the global object. Given as arguments,
    // these are its own.
    onLoad({ filter: /wasm-out\/tfjs-backend-wasm(-threaded-simd)?\.js$/ }, ({ path: file }) => ({
      contents: `export default (process, global, Worker, require, __dirname) => {
        const module = undefined, exports = undefined, __filename = undefined;
        ${emscriptenCode(file)}
        return ${file.includes('threaded') ? 'WasmBackendModuleThreadedSimd' : 'WasmBackendModule'};
      }`,
    }));
    onLoad({ filter: /threaded-simd\.worker\.js$/ }, () => ({
      contents: `export const wasmWorkerContents = '';`,
    }));
  },
};

/** Threads are made when they are asked for, not eight in advance, and do not wait for the event loop to start. */
function emscriptenCode(file) {
  if (!file.includes('threaded')) return readFileSync(file, 'utf8');
  return replaceOnce(file, [
    ['var pthreadPoolSize=8', 'var pthreadPoolSize=0'],
    ['var numWorkersToLoad=PThread.unusedWorkers.length;', 'removeRunDependency("wasm-instantiate");'],
    ['if(worker.loaded){worker.runPthread()}', 'worker.runPthread();'],
  ]);
}

await build({
  ...common,
  format: 'iife',
  globalName: 'fallbacks',
  stdin: {
    contents: `
      import '@tensorflow/tfjs-backend-wasm/dist/register_all_kernels.js';
      import '@tensorflow/tfjs-backend-cpu/dist/register_all_kernels.js';
      export { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu.js';
      export { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
      export { default as threaded } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
      export { default as single } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';`,
    resolveDir: path.resolve('.'),
  },
  ignoreAnnotations: true,
  banner: { js: `${common.banner.js}\nmodule.exports = (tf) => {` },
  footer: { js: 'return fallbacks;\n};' },
  outfile: 'dist/src/runtime/fallback-kernels.cjs',
  plugins: [fallbacks],
});

mkdirSync(wasmTarget, { recursive: true });
for (const name of ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm']) {
  copyFileSync(path.join(wasmPackage, 'wasm-out', name), path.join(wasmTarget, name));
}
const threadedCode = 'tfjs-backend-wasm-threaded-simd.js';
// What each thread runs: a file of its own each, since Node starts no thread from a blob.
writeFileSync(
  path.join(wasmTarget, 'threaded.cjs'),
  readFileSync(path.join(wasmPackage, 'wasm-out', threadedCode), 'utf8'),
);
const { wasmWorkerContents } = createRequire(import.meta.url)(
  path.join(wasmPackage, 'wasm-out/tfjs-backend-wasm-threaded-simd.worker.js'),
);
writeFileSync(path.join(wasmTarget, 'worker.cjs'), wasmWorkerContents.replaceAll('\n', '\\n'));
