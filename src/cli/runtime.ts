import { type DeviceChoice, type RuntimeInfo, ready, setDevice } from '../runtime/backend.js';
import { ensureLibrary } from './ensure-library.js';
import type { Output } from './output.js';
import { plural } from './words.js';

/** Starts what computes, installing it at first use, and says what that is. */
export async function startRuntime(device: DeviceChoice, output: Output): Promise<RuntimeInfo> {
  // Who asks for a certain backend has chosen not to wait for a library.
  if (!process.env.CNN_BACKEND) await ensureLibrary(output);
  await setDevice(device);
  const runtime = await ready();
  output.info(`computing: ${describe(runtime)}`);
  return runtime;
}

function describe({ backend, device, version, threads }: RuntimeInfo): string {
  const processor = device === 'gpu' ? 'GPU' : 'CPU';
  if (backend === 'libtensorflow') return `TensorFlow ${version} on the ${processor}`;
  if (backend === 'addon') return `TensorFlow ${version} of the installed tfjs-node on the ${processor}`;
  return backend === 'wasm' ? `WebAssembly on ${plural(threads ?? 1, 'thread')}` : 'plain JavaScript';
}
