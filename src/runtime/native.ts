import * as tf from '../tf.js';
import { Binding } from './binding.js';
import { NodeJSKernelBackend } from './node-kernels.js';

/** The name under which tfjs-node's kernels are registered, and so ours. */
export const BACKEND_NAME = 'tensorflow';

/** tfjs's active backend with its binding, when that is libtensorflow through this package; else undefined. */
export function native(): { readonly backend: NodeJSKernelBackend; readonly binding: Binding } | undefined {
  const backend = tf.backend();
  if (!(backend instanceof NodeJSKernelBackend) || !(backend.binding instanceof Binding)) return undefined;
  return { backend, binding: backend.binding };
}

/** Whether a jit trace is open: tensors have no values now. */
export function isTracing(): boolean {
  return native()?.binding.trace !== undefined;
}
