import type { KernelBackend } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import { loadAddon } from './addon.js';
import { cacheFolder } from './cache-folder.js';
import { fallbackKernels } from './fallback-kernels.js';
import { BACKEND_NAME } from './native.js';
import { startNative } from './native-start.js';
import { NodeJSKernelBackend } from './node-kernels.js';
import { hasNvidiaDriver, unsupportedPlatform } from './platform.js';
import { recentFailure } from './setup/failure.js';
import { startWasm } from './wasm.js';

/** Where to compute: a GPU where the library sees one, else the CPU; or one of them by name. */
export type DeviceChoice = 'auto' | 'gpu' | 'cpu';

/** What can compute, best first. */
export const BACKENDS = ['libtensorflow', 'addon', 'wasm', 'cpu'] as const;
export type BackendKind = (typeof BACKENDS)[number];

/** What is asked for. */
export interface Wish {
  readonly device: DeviceChoice;
  /** This one and no other; default: the best that works. */
  readonly backend?: BackendKind;
  readonly intraOpThreads?: number;
  readonly interOpThreads?: number;
}

/** What computes, once the runtime has started. */
export interface RuntimeInfo {
  /**
   * `libtensorflow`: TensorFlow, functions compiled. `addon`: TensorFlow through an installed tfjs-node, operation by
   * operation. `wasm`: tfjs on WebAssembly. `cpu`: tfjs in plain JavaScript.
   */
  readonly backend: BackendKind;
  /** Where it computes. */
  readonly device: 'gpu' | 'cpu';
  /** TensorFlow's version, where TensorFlow computes. */
  readonly version?: string;
  /** The shared library or addon that was loaded. */
  readonly libraryPath?: string;
  /** How many threads compute, where this package makes them. */
  readonly threads?: number;
}

/** A way to compute that works here. */
export interface Choice {
  /** The name by which tfjs knows the backend. */
  readonly name: string;
  readonly info: RuntimeInfo;
  /** Why it is not libtensorflow, where that was wanted. */
  readonly shortcoming?: string;
  /** tfjs asks for its backend again after `engine().reset()`. */
  create(): KernelBackend;
}

/**
 * Finds out what can compute here, and starts it: libtensorflow, else the addon of an installed tfjs-node, else
 * WebAssembly, else plain JavaScript.
 *
 * @throws CnnError DEVICE_UNAVAILABLE when a GPU is wanted and there is none; LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE when
 *   a certain library or backend is wanted and does not work
 */
export function choose(wish: Wish): Choice {
  const { backend, device } = wish;
  const isTried = (kind: BackendKind) => backend === undefined || backend === kind;
  let shortcoming: string | undefined;
  if (isTried('libtensorflow')) {
    const native = chooseNative(wish);
    if ('create' in native) return native;
    if (backend !== undefined) throw native;
    shortcoming = native.message;
  }
  if (isTried('addon')) {
    const addon = chooseAddon(wish);
    if (addon !== undefined) return { ...addon, shortcoming };
    if (backend !== undefined) {
      throw new CnnError('LIBRARY_NOT_FOUND', 'there is no working addon of tfjs-node or tfjs-node-gpu', {
        hint: 'Unset CNN_BACKEND, or install @tensorflow/tfjs-node.',
      });
    }
  }
  if (device === 'gpu') throw noGpu(shortcoming);
  if (isTried('wasm')) {
    const wasm = chooseWasm(wish);
    if ('create' in wasm) return { ...wasm, shortcoming };
    if (backend !== undefined) throw wasm;
    shortcoming = `${shortcoming} ${wasm.message}`;
  }
  return { ...choosePlain(), shortcoming };
}

/** What works, or why libtensorflow does not. */
function chooseNative({ device, intraOpThreads, interOpThreads }: Wish): Choice | CnnError {
  // Without a driver CUDA's build is not to look for a GPU: it complains that it finds none, and would lay out its threads
  // for one.
  const cpuOnly = device === 'cpu' || (device === 'auto' && !hasNvidiaDriver());
  const start = startNative(device === 'gpu', { cpuOnly, intraOpThreads, interOpThreads });
  if (start === undefined && device === 'gpu') {
    return new CnnError('LIBRARY_NOT_FOUND', 'no libtensorflow with CUDA is installed');
  }
  if (start === undefined) {
    return unsupportedPlatform() ?? notInstalled();
  }
  if (start instanceof CnnError) return start;
  const { binding, library } = start;
  const gpu = binding.isUsingGpuDevice();
  if (device === 'gpu' && !gpu) throw noGpu(`TensorFlow at ${library.cc} sees none.`, true);
  return {
    name: BACKEND_NAME,
    info: {
      backend: 'libtensorflow',
      device: gpu ? 'gpu' : 'cpu',
      version: binding.TF_Version,
      libraryPath: library.cc,
    },
    create: () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node'),
  };
}

/** With the reason, where an attempt to install it has just failed. */
function notInstalled(): CnnError {
  const failure = recentFailure(cacheFolder());
  if (failure === undefined) {
    return new CnnError('LIBRARY_NOT_FOUND', 'libtensorflow is not installed', {
      hint: 'Run "cnn setup" to get it.',
    });
  }
  return new CnnError('LIBRARY_NOT_FOUND', `libtensorflow could not be installed: ${failure}`, {
    hint: 'Run "cnn setup" to try again.',
  });
}

function chooseAddon({ device }: Wish): Choice | undefined {
  const addon = loadAddon(device !== 'cpu' && hasNvidiaDriver());
  if (addon === undefined) return undefined;
  const { binding, file, packageName } = addon;
  const gpu = binding.isUsingGpuDevice();
  if (device === 'gpu' && !gpu) throw noGpu(`TensorFlow in ${file} sees none.`, packageName.endsWith('-gpu'));
  return {
    name: BACKEND_NAME,
    info: {
      backend: 'addon',
      device: gpu ? 'gpu' : 'cpu',
      version: binding.TF_Version,
      libraryPath: file,
    },
    create: () => new NodeJSKernelBackend(binding, packageName),
  };
}

/** What works, or why WebAssembly does not: an old processor, or a limit on memory. */
function chooseWasm({ intraOpThreads }: Wish): Choice | CnnError {
  try {
    const first = startWasm(intraOpThreads);
    let next: KernelBackend | undefined = first.backend;
    return {
      name: 'wasm',
      info: { backend: 'wasm', device: 'cpu', threads: first.threads },
      create() {
        const backend = next ?? startWasm(intraOpThreads).backend;
        next = undefined;
        return backend;
      },
    };
  } catch (cause) {
    const problem = `WebAssembly does not work here: ${(cause as Error).message}`;
    return new CnnError('UNSUPPORTED', problem, { cause });
  }
}

function choosePlain(): Choice {
  return { name: 'cpu', info: { backend: 'cpu', device: 'cpu' }, create: createPlain };
}

/** tfjs's backend in plain JavaScript, without its advice to install tfjs-node. */
export function createPlain(): KernelBackend {
  const backend = new (fallbackKernels().MathBackendCPU)();
  backend.firstUse = false;
  return backend;
}

/** @param hasCuda whether what was tried is a TensorFlow with CUDA */
function noGpu(reason: string | undefined, hasCuda = false): CnnError {
  const steps = [
    ...(hasNvidiaDriver() ? [] : ['install an NVIDIA driver, of which none is loaded here']),
    ...(hasCuda ? [] : ['run "cnn setup --gpu" for a TensorFlow with CUDA']),
    'see what "cnn doctor" finds',
  ];
  const hint = `To compute on one, ${steps.join(', then ')}; or choose the device "cpu" or "auto".`;
  const problem = `there is no GPU to compute on${reason === undefined ? '' : `: ${reason}`}`;
  return new CnnError('DEVICE_UNAVAILABLE', problem, { hint });
}
