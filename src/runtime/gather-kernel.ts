import type { GatherV2Attrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import { AttrType } from './attributes.js';
import type { NodeJSKernelBackend } from './node-kernels.js';

/**
 * GatherV2 without reading the indices back at every call, which tfjs-node does to check them and which no traced
 * function can: TensorFlow's own kernel checks them on the CPU.
 */
export const gatherV2Config: KernelConfig = {
  kernelName: 'GatherV2',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
    const { axis, batchDims } = attrs as unknown as GatherV2Attrs;
    const node = backend as NodeJSKernelBackend;
    tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      axis,
      batchDims,
    );
    const axisTensor = tf.scalar(axis, 'int32');
    try {
      return node.executeSingleOutput(
        'GatherV2',
        [
          { name: 'batch_dims', type: AttrType.int, value: batchDims },
          { name: 'Tparams', type: AttrType.type, value: node.getDTypeInteger(x.dtype) },
          { name: 'Tindices', type: AttrType.type, value: node.getDTypeInteger(indices.dtype) },
          { name: 'Taxis', type: AttrType.type, value: node.getDTypeInteger('int32') },
        ],
        [x, indices, axisTensor],
      );
    } catch (error) {
      throw indexOutOfRange(error) ?? error;
    } finally {
      axisTensor.dispose();
    }
  },
};

/** TensorFlow's complaint about an index in the words of tfjs, which programs may already match. */
function indexOutOfRange(error: unknown): CnnError | undefined {
  const found = error instanceof CnnError && /= (-?\d+) is not in \[0, (\d+)\)/.exec(error.message);
  if (!found) return undefined;
  const problem = `GatherV2: the index value ${found[1]} is not in [0, ${Number(found[2]) - 1}]`;
  return new CnnError('INVALID_ARGUMENT', problem, { op: 'GatherV2', cause: error });
}
