import { createRequire } from 'node:module';
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../tf.js';

/** Emscripten's module: the compiled code with its memory, and what it needs to start. */
export interface WasmModule {
  cwrap?(name: string, result: 'number' | null, args: string[]): (...args: number[]) => number;
  /** What tfjs's backend calls beside kernels; whoever starts the module puts it here. */
  tfjs?: Record<string, (...args: number[]) => number>;
  PThread?: { readonly runningWorkers: readonly { unref(): void }[] };
  instantiateWasm?: (imports: object, done: (instance: object, code: object) => void) => object;
  locateFile?: (name: string) => string;
  /** What each thread runs first. */
  mainScriptUrlOrBlob?: string;
}

/** Emscripten's code, which takes these for the globals of the same names. */
type WasmFactory = (
  process: object,
  global: object,
  worker: unknown,
  require: (name: string) => unknown,
  folder: string,
) => (module: WasmModule) => Promise<WasmModule>;

/** A tensor's values as kernels hold them; strings as UTF-8 bytes. */
export type KernelValues = Float32Array | Int32Array | Uint8Array | Uint8Array[];

export interface WasmBackend extends KernelBackend {
  makeOutput(shape: number[], dtype: DataType, memoryOffset?: number, values?: KernelValues): TensorInfo;
  /** The tensor's memory itself, valid until the next tensor is made. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

export interface CpuBackend extends KernelBackend {
  /** Whether it has yet to print that tfjs-node would be faster. */
  firstUse: boolean;
  makeTensorInfo(shape: number[], dtype: DataType, values?: KernelValues): TensorInfo;
}

interface FallbackKernels {
  readonly BackendWasm: new (module: WasmModule) => WasmBackend;
  readonly MathBackendCPU: new () => CpuBackend;
  /** Says how many threads the next BackendWasm uses. */
  setThreadsCount(count: number): void;
  readonly single: WasmFactory;
  readonly threaded: WasmFactory;
}

let loaded: FallbackKernels | undefined;

/** tfjs's kernels for WebAssembly and for plain JavaScript, bundled by scripts/bundle.mjs; the first call registers them. */
export function fallbackKernels(): FallbackKernels {
  if (loaded === undefined) {
    const load = createRequire(import.meta.url)('./fallback-kernels.cjs') as (
      core: typeof tf,
    ) => FallbackKernels;
    loaded = load(tf);
  }
  return loaded;
}
