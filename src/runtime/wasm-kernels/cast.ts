import type { CastAttrs, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../fallback-kernels.js';

/**
 * Conversion of types. What is not zero is true, also 0.5 and 256, of which tfjs's kernel makes false.
 *
 * @param stock tfjs's kernel, for the types other than bool
 */
export function cast(stock: KernelFunc): KernelFunc {
  return (params) => {
    const { x } = params.inputs as { x: TensorInfo };
    if ((params.attrs as unknown as CastAttrs).dtype !== 'bool') return stock(params);
    const wasm = params.backend as WasmBackend;
    const result = wasm.makeOutput(x.shape, 'bool');
    const values = wasm.typedArrayFromHeap(x);
    const truths = wasm.typedArrayFromHeap(result);
    for (let i = 0; i < values.length; i++) truths[i] = values[i] === 0 ? 0 : 1;
    return result;
  };
}
