import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/** The same data under another tensor. tfjs's kernel copies it, at every read of a weight. */
export const identity: KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs.x as TensorInfo;
  (backend as KernelBackend).incRef(dataId);
  return { dataId, shape, dtype };
};
