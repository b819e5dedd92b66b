import type * as tf from '../tf.js';
import { native } from './native.js';

/**
 * While jit traces, runs `body`, whose ops are to run only after the op that makes `tensor`; elsewhere, just runs it. The
 * results are the same: what could run early does not fill caches and memory long before it is used.
 */
export function runAfter<T>(tensor: tf.Tensor, body: () => T): T {
  const runtime = native();
  const trace = runtime?.binding.trace;
  if (runtime === undefined || trace === undefined) return body();
  return trace.after(runtime.backend.getInputTensorIds([tensor])[0]!, body);
}
