import type { KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import {
  type CpuBackend,
  fallbackKernels,
  type KernelValues,
  type WasmBackend,
} from '../fallback-kernels.js';

/**
 * A kernel for WebAssembly that has tfjs's plain JavaScript kernel do the work: for what is rare enough to be slow.
 * Inputs are read where they lie, results are copied. No complex numbers.
 *
 * @param kernelName a kernel of the `cpu` backend
 */
export function throughCpu(kernelName: string): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const cpu = new (fallbackKernels().MathBackendCPU)();
    cpu.firstUse = false;
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu')!;
    const results = kernelFunc({ inputs: onCpu(inputs, wasm, cpu), attrs, backend: cpu });
    const onWasm = (result: TensorInfo) =>
      wasm.makeOutput(
        result.shape,
        result.dtype,
        undefined,
        cpu.readSync(result.dataId) as unknown as KernelValues,
      );
    return Array.isArray(results) ? results.map(onWasm) : onWasm(results);
  };
}

/** The inputs as tensors of a cpu backend. Some kernels take a list of tensors, which their types do not say. */
function onCpu(inputs: NamedTensorInfoMap, wasm: WasmBackend, cpu: CpuBackend): NamedTensorInfoMap {
  const onCpuToo = (input: TensorInfo | TensorInfo[] | undefined): TensorInfo => {
    if (Array.isArray(input)) return input.map(onCpuToo) as unknown as TensorInfo;
    if (input === undefined || input === null) return input as unknown as TensorInfo;
    const values =
      input.dtype === 'string'
        ? (wasm.readSync(input.dataId) as unknown as Uint8Array[])
        : wasm.typedArrayFromHeap(input);
    return cpu.makeTensorInfo(input.shape, input.dtype, values);
  };
  if (Array.isArray(inputs)) return onCpuToo(inputs) as unknown as NamedTensorInfoMap;
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, onCpuToo(input)]));
}
