import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import type { Binding } from './binding.js';
import type { TracedFunction, TraceOptions } from './graph.js';
import type { TensorMetadata } from './handles.js';
import { native } from './native.js';
import { HOLE, isPlainObject, type Nest, replaceTensors, signature, tensorsIn } from './nest.js';
import type { NodeJSKernelBackend } from './node-kernels.js';
import { span } from './spans.js';
import { tfVariableRefused, underTracingRules } from './tracing-rules.js';
import { turn } from './turn.js';

/** A traced function, seen from outside. */
export interface TraceDescription {
  /** The graph as text, one op a line. */
  toString(): string;
  /** The graph as TensorFlow's GraphDef message, which TensorBoard and Python read. */
  toGraphDef(): Uint8Array;
}

/** What `jit` returns: the function itself, compiled. */
export interface JitFunction<A extends unknown[], R> {
  (...args: A): R;
  /** As a call, on another thread: the event loop stays free. Where `fn` just runs, the event loop turns afterwards. */
  async(...args: A): Promise<R>;
  /** Traces anew for these arguments, without running anything, and shows the graph. */
  trace(...args: A): TraceDescription;
  /** Removes the compiled functions and releases what they captured. A later call compiles again. */
  dispose(): void;
  /** Number of compiled signatures. */
  readonly size: number;
}

interface Compiled {
  readonly fn: TracedFunction;
  /** The function's result, with holes for its tensors. */
  readonly result: Nest;
  /** Calls that other threads run now. */
  running: number;
  /** What `dispose` left for the last of these calls to do. */
  onLastEnd?: () => void;
}

/** So many signatures are more than the shapes of a program's data: a number that changes is part of them. */
const MANY_SIGNATURES = 100;

/** What `jit` takes beside the function. */
export interface JitOptions {
  /** For messages and profiles. Default: the function's own name. */
  name?: string;
  /**
   * Whether the graph is made small: equal operations once, those on constants computed while tracing, those that
   * change nothing left out. False shows each operation that `fn` asked for. Default: true.
   */
  simplify?: boolean;
}

let functionCount = 0;

/**
 * Compiles a function of tensors into one TensorFlow function, as `tf.function` does in Python.
 *
 * The first call with a new signature (shapes and dtypes of the tensors, and the values of all other arguments;
 * functions and objects of classes count as the same only if they are the same one)
 * runs `fn` once on symbolic tensors and records its operations; each later call is a single native call. Tensors
 * that `fn` takes from outside are kept by the compiled function: up to 1,024 elements as constants, larger ones by
 * reference. Variables are read and assigned at each call, in the order in which `fn` does so. JavaScript side
 * effects happen only while tracing.
 *
 * Inside another trace, inside `tf.grad`, and on backends other than libtensorflow the call just runs `fn`.
 *
 * @param fn takes tensors, arrays or objects of tensors, and plain values; returns tensors, or arrays or objects of them
 * @throws CnnError TRACE_READ when `fn` reads a tensor's value or draws from Math.random; TRACE_DYNAMIC_SHAPE when a
 *   shape depends on values; INVALID_ARGUMENT when `fn` returns a promise or something other than tensors; UNSUPPORTED
 *   when it uses a tf.Variable, whose value would never change again; DISPOSED for a tensor that is disposed
 * @example
 * const norm = jit((x: tf.Tensor) => x.square().sum().sqrt());
 * norm(tf.tensor1d([3, 4])).dataSync()[0]; // 5
 */
export function jit<A extends unknown[], R>(
  fn: (...args: A) => R,
  { name, simplify = true }: JitOptions = {},
): JitFunction<A, R> {
  const label = (name ?? fn.name).replace(/[^A-Za-z0-9_]/g, '_') || 'function';
  const compiled = new Map<string, Compiled>();
  let owner: Binding | undefined;

  const dispose = () => {
    const binding = owner;
    for (const entry of compiled.values()) {
      const remove = () => binding?.deleteFunction(entry.fn);
      if (entry.running === 0) remove();
      else entry.onLastEnd = remove;
    }
    compiled.clear();
  };

  const prepare = (args: A) => {
    const runtime = native();
    if (runtime === undefined || runtime.binding.trace !== undefined || isTaping()) return undefined;
    const { backend, binding } = runtime;
    if (owner !== binding) dispose();
    owner = binding;
    const inputs = tensorsIn(args);
    if (inputs.some((tensor) => tensor.isDisposed)) throw disposedArgument(label);
    const inputIds = backend.getInputTensorIds(inputs);
    // A resident's native type is not its tfjs type, so both are part of the key.
    const key = `${signature(args)} ${inputIds.map((id) => binding.handles.get(id).dtype)}`;
    let entry = compiled.get(key);
    if (entry === undefined) {
      const compiledName = `jit_${label}_${functionCount++}`;
      const finish: Use<Compiled> = (trace, outputIds, result) => ({
        fn: binding.finishTrace(trace, compiledName, outputIds),
        result,
        running: 0,
      });
      entry = span(`compile ${label}`, () => record(backend, binding, fn, args, finish, { simplify }));
      compiled.set(key, entry);
      if (compiled.size === MANY_SIGNATURES) warnOfSignatures(label);
    }
    return { backend, binding, entry, inputIds };
  };

  const wrap = (backend: NodeJSKernelBackend, entry: Compiled, outputs: TensorMetadata[]) => {
    let at = 0;
    return replaceTensors(entry.result, () => backend.createOutputTensor(outputs[at++]!)) as R;
  };

  const call = (...args: A): R => {
    const ready = prepare(args);
    if (ready === undefined) return runInline(fn, args);
    const { backend, binding, entry, inputIds } = ready;
    return wrap(backend, entry, binding.call(entry.fn, inputIds));
  };

  return Object.defineProperty(
    Object.assign(call, {
      async async(...args: A): Promise<R> {
        const ready = prepare(args);
        if (ready === undefined) return turn(runInline(fn, args));
        const { backend, binding, entry, inputIds } = ready;
        entry.running++;
        try {
          return wrap(backend, entry, await binding.callAsync(entry.fn, inputIds));
        } finally {
          entry.running--;
          if (entry.running === 0) entry.onLastEnd?.();
        }
      },
      trace(...args: A): TraceDescription {
        const { backend, binding } = requireNative();
        const describe: Use<TraceDescription> = (trace) => {
          const text = trace.toString();
          const graphDef = trace.toGraphDef();
          return { toString: () => text, toGraphDef: () => graphDef };
        };
        return record(backend, binding, fn, args, describe, { simplify });
      },
      dispose,
    }),
    'size',
    { get: () => compiled.size },
  ) as JitFunction<A, R>;
}

/** Compiles a function for one argument, whatever comes; who calls it deletes it. @throws CnnError as `jit` */
export function compileFor(
  fn: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  label: string,
  options?: TraceOptions,
): TracedFunction {
  const { backend, binding } = requireNative();
  const finish: Use<TracedFunction> = (trace, outputIds) =>
    binding.finishTrace(trace, `jit_${label}_${functionCount++}`, outputIds);
  return record(backend, binding, fn, [x], finish, options);
}

/**
 * The graph of a function of tensors as TensorFlow's GraphDef message, complete in itself: all that `fn` takes from
 * outside is constant. Its argument is the node `argument_0`, its result `output_0`.
 *
 * @throws CnnError as `jit`; UNSUPPORTED without libtensorflow, and for a function that touches variables
 */
export function freeze(fn: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): Uint8Array {
  const { backend, binding } = requireNative();
  const use = (trace: Binding['trace'] & object, outputIds: number[]) => {
    const graphDef = trace.toGraphDef(outputIds);
    if (trace.captureCount === 0) return graphDef;
    throw new CnnError('UNSUPPORTED', 'a function that touches variables cannot be frozen', {
      hint: 'Give it their values.',
    });
  };
  return record(backend, binding, fn, [x], use, { maxConstantElements: Number.POSITIVE_INFINITY });
}

function requireNative() {
  const runtime = native();
  if (runtime !== undefined) return runtime;
  throw new CnnError('UNSUPPORTED', 'functions can be traced on libtensorflow only', {
    hint: 'Run "cnn setup" to get it.',
  });
}

function disposedArgument(label: string): CnnError {
  return new CnnError('DISPOSED', `a tensor given to the compiled function "${label}" is disposed`, {
    hint: 'Keep it until the call: tf.keep, or return it from the tf.tidy around it.',
  });
}

function warnOfSignatures(label: string): void {
  process.emitWarning(
    `the compiled function "${label}" was traced for ${MANY_SIGNATURES} signatures: shapes and types of tensors, and the values of all other arguments. Give it what changes from call to call as a tensor.`,
    { code: 'CNN_MANY_SIGNATURES' },
  );
}

/** What becomes of an open trace, given the ids of its results and the form in which they were returned. */
type Use<T> = (trace: Binding['trace'] & object, outputIds: number[], result: Nest) => T;

/** Runs `fn` on symbolic tensors and hands the open trace to `use`. */
function record<A extends unknown[], R, T>(
  backend: NodeJSKernelBackend,
  binding: Binding,
  fn: (...args: A) => R,
  args: A,
  use: Use<T>,
  options: TraceOptions = {},
): T {
  // Inputs that were never used natively get their handles now, not inside the trace.
  backend.getInputTensorIds(tensorsIn(args));
  const body = (trace: Binding['trace'] & object) =>
    underTracingRules(() => {
      let outcome: T | undefined;
      tf.tidy(() => {
        const symbolic = replaceTensors(
          args,
          nextOf(tensorsIn(args), (tensor) => {
            const [id] = backend.getInputTensorIds([tensor]);
            return backend.createOutputTensor(
              trace.addArgument(binding.handles.get(id!).dtype, tensor.shape),
            );
          }),
        ) as A;
        const result = checkResult(fn(...symbolic));
        refuseTfVariables(backend, trace);
        outcome = use(
          trace,
          backend.getInputTensorIds(tensorsIn(result)),
          replaceTensors(result, () => HOLE),
        );
      });
      return outcome!;
    });
  return binding.record(body, options);
}

/** A variable of tfjs that was captured would be a constant. */
function refuseTfVariables(backend: NodeJSKernelBackend, trace: Binding['trace'] & object): void {
  for (const variable of Object.values(tf.engine().registeredVariables)) {
    const [id] = backend.getInputTensorIds([variable]);
    if (trace.hasCaptured(id!)) throw tfVariableRefused(`read ("${variable.name}")`);
  }
}

function nextOf(tensors: tf.Tensor[], make: (tensor: tf.Tensor) => tf.Tensor): () => tf.Tensor {
  let at = 0;
  return () => make(tensors[at++]!);
}

function checkResult(result: unknown): Nest {
  if (result instanceof Promise) {
    // It will fail, since the trace ends now; that is told here, and not once more when nobody listens.
    result.catch(() => {});
    throw new CnnError('INVALID_ARGUMENT', 'a function given to jit returned a promise', {
      expected: 'tensors, or arrays or objects of tensors',
      received: 'a promise',
      hint: 'Trace the synchronous part; await outside.',
    });
  }
  const check = (value: unknown): void => {
    if (value === undefined || value === null || value instanceof tf.Tensor) return;
    if (Array.isArray(value)) value.forEach(check);
    else if (isPlainObject(value)) Object.values(value).forEach(check);
    else {
      throw new CnnError(
        'INVALID_ARGUMENT',
        'a function given to jit returned something other than tensors',
        {
          expected: 'tensors, or arrays or objects of tensors',
          received: typeof value,
          hint: 'Numbers computed while tracing are constants; return tensors.',
        },
      );
    }
  };
  check(result);
  return result;
}

function runInline<A extends unknown[], R>(fn: (...args: A) => R, args: A): R {
  return tf.tidy(() => fn(...args) as never) as R;
}

/** Whether a gradient is being recorded: then each op has to be seen by tfjs's tape. */
function isTaping(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
