import { CnnError } from '../../src/errors.js';
import type { Binding } from '../../src/runtime/binding.js';
import { DType } from '../../src/runtime/capi.js';

/**
 * Has every op recorded alone, compiled as a function and called, instead of run at once: so the specs test what jit
 * does. Ops whose result's shape depends on values cannot be traced, and run at once.
 */
export function traceEveryOp(binding: Binding): void {
  const executeOp = binding.executeOp.bind(binding);
  let count = 0;
  /** As in a real trace, where kernels make axes, shapes and sizes themselves: these become constants. */
  const isCaptured = (id: number) => {
    const { dtype, shape } = binding.handles.get(id);
    return dtype === DType.resource || dtype === DType.string || (dtype === DType.int32 && shape.length < 2);
  };
  const record = (...[name, attrs, inputIds, outputs]: Parameters<Binding['executeOp']>) =>
    binding.record((trace) => {
      const args = inputIds.map((id) => {
        const { dtype, shape } = binding.handles.get(id);
        return isCaptured(id) ? id : trace.addArgument(dtype, shape).id;
      });
      const made = executeOp(name, attrs, args, outputs);
      const ids = made.map(({ id }) => id);
      const fn = binding.finishTrace(trace, `conformance_${count++}`, ids);
      for (const id of [...args, ...ids]) if (!inputIds.includes(id)) binding.deleteTensor(id);
      return fn;
    });
  binding.executeOp = (name, attrs, inputIds, outputs) => {
    if (binding.trace !== undefined) return executeOp(name, attrs, inputIds, outputs);
    try {
      const fn = record(name, attrs, inputIds, outputs);
      try {
        return binding.call(
          fn,
          inputIds.filter((id) => !isCaptured(id)),
        );
      } finally {
        binding.deleteFunction(fn);
      }
    } catch (error) {
      if (!(error instanceof CnnError) || error.code !== 'TRACE_DYNAMIC_SHAPE') throw error;
      return executeOp(name, attrs, inputIds, outputs);
    }
  };
}

/** Specs that ask for words, or for a way with NaN, that TensorFlow has only outside of functions. */
export const DIFFERENT_WHEN_TRACED = [
  'einsum test-tensorflow {} mismatched dimensions throws error',
  'einsum test-tensorflow {} incorrect number of tensors throws error',
  'softmax test-tensorflow {} Propagates NaNs',
];
