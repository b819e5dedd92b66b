import type { ClipByValueAttrs, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../fallback-kernels.js';

/** Values no smaller and no greater than two limits. A NaN stays one: in tfjs's kernel it becomes a limit, unseen. */
export const clipByValue: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  const { clipValueMin, clipValueMax } = attrs as unknown as ClipByValueAttrs;
  const wasm = backend as WasmBackend;
  const result = wasm.makeOutput(x.shape, x.dtype);
  const values = wasm.typedArrayFromHeap(x);
  const clipped = wasm.typedArrayFromHeap(result);
  for (let i = 0; i < values.length; i++) {
    clipped[i] = Math.min(clipValueMax, Math.max(clipValueMin, values[i]!));
  }
  return result;
};
