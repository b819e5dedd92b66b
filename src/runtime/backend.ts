import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import { Binding } from './binding.js';
import { openLibrary } from './capi.js';
import { BACKEND_NAME } from './native.js';
import { NodeJSKernelBackend } from './node-kernels.js';
import './tape.js';

/** Where to compute: a GPU where the library sees one, else the CPU; or one of them by name. */
export type DeviceChoice = 'auto' | 'gpu' | 'cpu';

/** What computes, once the runtime has started. */
export interface RuntimeInfo {
  readonly backend: 'libtensorflow' | 'addon' | 'wasm' | 'cpu';
  readonly device: 'gpu' | 'cpu';
  /** TensorFlow's version, where TensorFlow computes. */
  readonly version?: string;
  readonly libraryPath?: string;
}

let choice: DeviceChoice = 'auto';
let binding: Binding | undefined;
let info: RuntimeInfo | undefined;

/** Opens the library once; tfjs may ask for the backend more than once. */
function start(): Binding {
  if (binding === undefined) {
    const cc =
      process.env.CNN_LIBTENSORFLOW ??
      path.join(homedir(), '.cache/cnn-node/libtensorflow-2.21.0-linux-x64-cpu/libtensorflow_cc.so.2');
    if (!existsSync(cc))
      throw new CnnError('LIBRARY_NOT_FOUND', 'no libtensorflow', { hint: 'Run "cnn setup".' });
    binding = new Binding(openLibrary(cc), { cpuOnly: choice === 'cpu' });
    info = {
      backend: 'libtensorflow',
      device: binding.isUsingGpuDevice() ? 'gpu' : 'cpu',
      version: binding.TF_Version,
      libraryPath: cc,
    };
  }
  return binding;
}

tf.registerBackend(BACKEND_NAME, () => new NodeJSKernelBackend(start(), '@tensorflow/tfjs-node'), 3);

/**
 * Chooses where to compute. Call it before the first tensor; the default is `'auto'`.
 *
 * @throws CnnError DEVICE_UNAVAILABLE for `'gpu'` without a GPU, or after the runtime has started on another device
 */
export function setDevice(device: DeviceChoice): void {
  choice = device;
}

/** Starts the runtime, if it has not started, and says what computes. */
export async function ready(): Promise<RuntimeInfo> {
  await tf.ready();
  return info!;
}
