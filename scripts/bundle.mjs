// Bundles what Node cannot load, or should not load, as published:
//   dist/src/tf.js                     tfjs-core with all gradients and chained ops, as one ES module;
//   dist/src/runtime/node-kernels.js   tfjs-node's backend class and kernels, from the TypeScript source in its
//                                      package. So users never run tfjs-node's install script, and its compiled
//                                      ES5 (which calls functions that Node 23 removed) is never loaded.
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

await build({
  ...common,
  entryPoints: ['src/tf.ts'],
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
