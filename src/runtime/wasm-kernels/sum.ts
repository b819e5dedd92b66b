import type { KernelFunc, SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import type { WasmBackend } from '../fallback-kernels.js';

/**
 * Sums. tfjs transposes what is summed over the leading axes, as every gradient of a bias is; here its rows are added
 * up where they lie.
 *
 * @param stock tfjs's kernel, for the rest
 */
export function sum(stock: KernelFunc): KernelFunc {
  return (params) => {
    const { x } = params.inputs as { x: TensorInfo };
    const { axis, keepDims } = params.attrs as unknown as SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const areLeading = axes.length < x.shape.length && axes.every((a, i) => a === i);
    if (x.dtype !== 'float32' || axes.length === 0 || !areLeading) return stock(params);
    const wasm = params.backend as WasmBackend;
    const kept = x.shape.slice(axes.length);
    const result = wasm.makeOutput(keepDims ? [...axes.map(() => 1), ...kept] : kept, 'float32');
    const values = wasm.typedArrayFromHeap(x);
    const size = tf.util.sizeFromShape(kept);
    const totals = new Float64Array(size);
    for (let at = 0; at < values.length; ) {
      for (let i = 0; i < size; i++) totals[i]! += values[at++]!;
    }
    wasm.typedArrayFromHeap(result).set(totals);
    return result;
  };
}
