import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeBinding } from './node-kernels.js';
import { silently } from './pin-library.js';

/** The native addon of an installed tfjs-node or tfjs-node-gpu, which works. */
export interface Addon {
  readonly binding: NodeBinding;
  /** Absolute path of tfjs_binding.node. */
  readonly file: string;
  readonly packageName: string;
}

/** Loads an addon and squares 3; run in a process of its own, which an addon that does not suit this machine may end. */
const TRIAL = `
  const b = require(process.argv[1]);
  const x = b.createTensor([1], b.TF_FLOAT, Float32Array.of(3));
  const [y] = b.executeOp('Square', [{ name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }], [x], 1);
  process.exit(b.tensorDataSync(y.id)[0] === 9 ? 0 : 1);`;

/** Where Node finds tfjs-node from the user's folder, and from ours. */
function* packages(cwd: string, gpuFirst: boolean): Generator<{ name: string; folder: string }> {
  const names = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
  if (gpuFirst) names.reverse();
  for (const name of names) {
    for (const from of [path.join(cwd, 'package.json'), fileURLToPath(import.meta.url)]) {
      try {
        yield { name, folder: path.dirname(createRequire(from).resolve(`${name}/package.json`)) };
      } catch {}
    }
  }
}

/** `lib/napi-v8/tfjs_binding.node`; the number is the Node-API version for which it was built. */
function addonFile(folder: string): string | undefined {
  const lib = path.join(folder, 'lib');
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .filter((name) => /^napi-v\d+$/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => path.join(lib, name, 'tfjs_binding.node'))
    .find((file) => existsSync(file));
}

/**
 * Loads the native addon of an installed tfjs-node: its file alone, without the package's JavaScript, which newer
 * versions of Node do not run.
 *
 * @returns undefined where there is none, or none that works
 */
export function loadAddon(gpuFirst: boolean, cwd: string = process.cwd()): Addon | undefined {
  for (const { name, folder } of packages(cwd, gpuFirst)) {
    const file = addonFile(folder);
    if (file === undefined) continue;
    const { NODE_OPTIONS: _, ...env } = process.env; // an --inspect-brk in it would stop the child for ever
    const trial = spawnSync(process.execPath, ['-e', TRIAL, file], {
      env,
      stdio: 'ignore',
      timeout: 120_000,
    });
    if (trial.status !== 0) continue;
    const binding = silently(() => createRequire(import.meta.url)(file) as NodeBinding);
    return { binding, file, packageName: name };
  }
  return undefined;
}
