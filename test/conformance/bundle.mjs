// Bundles tfjs-core's own kernel specs, as published in its npm package, into dist/test/conformance/specs.js.
// tfjs keeps its engine, kernels and gradients in one place on globalThis, so the copy of tfjs-core in here and the
// one in dist/src/tf.js are one library at run time; run.ts checks that they are.
import { build } from 'esbuild';

await build({
  stdin: {
    contents: `import 'test-environment'; import '@tensorflow/tfjs-core/dist/tests.js';`,
    resolveDir: '.',
  },
  plugins: [
    {
      name: 'test-environment',
      setup({ onResolve, onLoad }) {
        // A module of its own, since imports run before any statement: the specs ask for it while they load.
        onResolve({ filter: /^test-environment$/ }, ({ path }) => ({ path, namespace: 'conformance' }));
        onLoad({ filter: /./, namespace: 'conformance' }, () => ({
          contents: `
            import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
            setTestEnvs([{ name: 'test-tensorflow', backendName: 'tensorflow', flags: {}, isDataSync: true }]);`,
          resolveDir: '.',
        }));
      },
    },
  ],
  outfile: 'dist/test/conformance/specs.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // tfjs-core declares its specs free of side effects: without this the bundle is empty.
  ignoreAnnotations: true,
  external: ['jasmine-core', 'node-fetch', 'string_decoder'],
  banner: {
    js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
  },
  logLevel: 'warning',
});
