import type { DataType, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttr } from './attributes.js';
import type { TensorMetadata } from './handles.js';

/** What a backend of tfjs-node calls: our Binding, or the native addon of an installed tfjs-node. */
export interface NodeBinding {
  readonly TF_Version: string;
  createTensor(shape: number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  executeOp(
    name: string,
    attrs: readonly OpAttr[],
    inputIds: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
}

/** tfjs-node's backend class, bundled with all its kernels by scripts/bundle.mjs. Importing it registers them. */
export class NodeJSKernelBackend extends KernelBackend {
  constructor(binding: NodeBinding, packageName: string);
  readonly binding: NodeBinding;
  getDTypeInteger(dtype: DataType): number;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
  executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly TensorInfo[]): Tensor;
}
