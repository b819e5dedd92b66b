import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import { cast } from './cast.js';
import { clipByValue } from './clip-by-value.js';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './conv2d-backprop-input.js';
import { fusedMatMul } from './fused-mat-mul.js';
import { identity } from './identity.js';
import { matMul } from './mat-mul.js';
import { maxPoolGrad } from './max-pool-grad.js';
import { sum } from './sum.js';
import { throughCpu } from './through-cpu.js';

/** Kernels that are missing on WebAssembly and rarely needed. Complex numbers have no place there at all. */
const THROUGH_CPU = [
  tf.DepthwiseConv2dNativeBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
  tf.Einsum,
  tf.RaggedGather,
  tf.RaggedRange,
  tf.RaggedTensorToTensor,
  tf.StaticRegexReplace,
  tf.UnsortedSegmentSum,
];

/** Kernels that are missing, wrong, or much slower than they could be; given tfjs's own, where there is one. */
const OWN: Record<string, (stock: KernelFunc) => KernelFunc> = {
  [tf.BatchMatMul]: matMul,
  [tf._FusedMatMul]: () => fusedMatMul,
  [tf.Cast]: cast,
  [tf.ClipByValue]: () => clipByValue,
  [tf.Conv2DBackpropFilter]: () => conv2dBackpropFilter,
  [tf.Conv2DBackpropInput]: () => conv2dBackpropInput,
  [tf.Identity]: () => identity,
  [tf.MaxPoolGrad]: () => maxPoolGrad,
  [tf.Sum]: sum,
};

let registered = false;

/** Completes tfjs's WebAssembly backend, whose own kernels are registered, so that everything trains on it. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  for (const kernelName of THROUGH_CPU) {
    replace({ kernelName, backendName: 'wasm', kernelFunc: throughCpu(kernelName) });
  }
  for (const [kernelName, make] of Object.entries(OWN)) {
    const stock = tf.getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    // tfjs's own kernel may still be called, and is prepared by this.
    const setupFunc = stock?.setupFunc;
    replace({
      kernelName,
      backendName: 'wasm',
      setupFunc,
      kernelFunc: make(stock?.kernelFunc as KernelFunc),
    });
  }
}

function replace(config: KernelConfig): void {
  if (tf.getKernel(config.kernelName, config.backendName) !== undefined) {
    tf.unregisterKernel(config.kernelName, config.backendName);
  }
  tf.registerKernel(config);
}
