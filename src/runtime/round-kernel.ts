import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { AttrType } from './attributes.js';
import type { NodeJSKernelBackend } from './node-kernels.js';

/** Round; whole numbers are returned as they are, for which TensorFlow 2.21's kernel gives zeros. */
export const roundConfig: KernelConfig = {
  kernelName: 'Round',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { x } = inputs as { x: TensorInfo };
    const node = backend as NodeJSKernelBackend;
    const type = { name: 'T', type: AttrType.type, value: node.getDTypeInteger(x.dtype) };
    return node.executeSingleOutput(x.dtype === 'int32' ? 'Identity' : 'Round', [type], [x]);
  },
};
