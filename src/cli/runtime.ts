import { type DeviceChoice, type RuntimeInfo, ready, setDevice } from '../runtime/backend.js';
import { ensureLibrary } from './ensure-library.js';
import type { Output } from './output.js';

/** Starts what computes, installing it at first use, and says what that is. */
export async function startRuntime(device: DeviceChoice, output: Output): Promise<RuntimeInfo> {
  await ensureLibrary(output);
  await setDevice(device);
  const runtime = await ready();
  output.info(`computing: ${describe(runtime)}`);
  return runtime;
}

function describe({ backend, device, version }: RuntimeInfo): string {
  const processor = device === 'gpu' ? 'GPU' : 'CPU';
  if (backend === 'libtensorflow') return `TensorFlow ${version} on the ${processor}`;
  if (backend === 'addon') return `TensorFlow ${version} of the installed tfjs-node on the ${processor}`;
  return `${backend === 'wasm' ? 'WebAssembly' : 'plain JavaScript'} on the CPU, slower than TensorFlow`;
}
