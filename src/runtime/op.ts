import type { DataType } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import type * as tf from '../tf.js';
import { AttrType, type OpAttr } from './attributes.js';
import { DType } from './capi.js';
import type { TensorMetadata } from './handles.js';
import { native } from './native.js';
import type { OpDefs } from './op-defs.js';
import { Variable } from './variable.js';

/** A native element type, by name. tfjs knows only some of them; the rest live between native ops. */
export type NativeDType = keyof typeof DType;

/** The value of an attribute; the op's own definition says which type it is to be. */
export type AttrValue = string | number | boolean | readonly number[];

/**
 * Runs one TensorFlow op on tensors (records it, while a trace is open). Only on libtensorflow: callers have a
 * composed form for other backends. tfjs's tape does not see it: differentiable ops wrap it in `tf.customGrad`.
 *
 * @param attrs attributes that do not follow from the inputs
 * @example
 * const [loss, gradient] = nativeOp('SoftmaxCrossEntropyWithLogits', [logits, labels], {}, 2);
 */
export function nativeOp(
  name: string,
  inputs: readonly tf.Tensor[],
  attrs: Record<string, AttrValue> = {},
  outputs = 1,
): tf.Tensor[] {
  const { backend, binding } = requireNative(name);
  const typed = typedAttributes(binding.opDefs, name, attrs);
  const made = binding.executeOp(name, typed, backend.getInputTensorIds(inputs), outputs);
  try {
    for (const metadata of made) checkHeld(name, metadata);
  } catch (error) {
    for (const { id } of made) binding.deleteTensor(id);
    throw error;
  }
  return made.map((metadata) => backend.createOutputTensor(metadata));
}

/**
 * Runs one of TensorFlow's ops that change variables in place (records it, while a trace is open). Only on
 * libtensorflow.
 *
 * @param inputs in the op's order: variables where it takes resources
 * @throws CnnError UNSUPPORTED for a variable in parts: each of its `parts` is to be updated
 * @example
 * nativeUpdate('ResourceApplyGradientDescent', [kernel, rate, gradient]);
 */
export function nativeUpdate(
  name: string,
  inputs: readonly (Variable | tf.Tensor)[],
  attrs: Record<string, AttrValue> = {},
): void {
  const { backend, binding } = requireNative(name);
  const ids = inputs.map((input) =>
    input instanceof Variable ? resourceOf(name, input) : backend.getInputTensorIds([input])[0]!,
  );
  binding.executeOp(name, typedAttributes(binding.opDefs, name, attrs), ids, 0);
}

function resourceOf(op: string, { name, resource, parts }: Variable): number {
  if (resource !== undefined) return resource;
  throw new CnnError('UNSUPPORTED', `${op} cannot change the variable "${name}"`, {
    variable: name,
    expected: 'a variable in one piece, made on libtensorflow',
    received: parts.length > 1 ? `one in ${parts.length} parts` : 'one of another backend',
    hint: 'Update each of variable.parts, with its columns of the gradient.',
  });
}

/** Native values of any type, some of which tfjs cannot hold; gone when the scope of `nativeScope` ends. */
export interface NativeScope {
  /** A tfjs tensor as a native value. */
  input(tensor: tf.Tensor): TensorMetadata;
  /** Runs an op on native values. */
  op(
    name: string,
    inputs: readonly TensorMetadata[],
    attrs?: Record<string, AttrValue>,
    outputs?: number,
  ): TensorMetadata[];
  /** Converts to another element type. */
  cast(value: TensorMetadata, dtype: NativeDType): TensorMetadata;
}

/**
 * Runs a chain of ops on native values, for the types that tfjs lacks, and returns the last as a tensor.
 *
 * @param body returns the value to keep; it has to be of a type that tfjs has
 */
export function nativeScope(name: string, body: (scope: NativeScope) => TensorMetadata): tf.Tensor {
  const { backend, binding } = requireNative(name);
  const made: TensorMetadata[] = [];
  const op: NativeScope['op'] = (opName, inputs, attrs = {}, outputs = 1) => {
    const typed = typedAttributes(binding.opDefs, opName, attrs);
    const results = binding.executeOp(
      opName,
      typed,
      inputs.map((input) => input.id),
      outputs,
    );
    made.push(...results);
    return results;
  };
  const scope: NativeScope = {
    op,
    input: (tensor) => ({
      id: backend.getInputTensorIds([tensor])[0]!,
      shape: tensor.shape,
      dtype: backend.getDTypeInteger(tensor.dtype),
    }),
    cast: (value, dtype) => op('Cast', [value], { DstT: dtype })[0]!,
  };
  let kept: TensorMetadata | undefined;
  try {
    const result = body(scope);
    checkHeld(name, result);
    kept = result;
    return backend.createOutputTensor(kept);
  } finally {
    for (const { id } of made) if (id !== kept?.id) binding.deleteTensor(id);
  }
}

/** The native types that tfjs can hold: its own, and those that tfjs-node shows as its own. */
const HELD = new Set<number>(
  (['float32', 'int32', 'bool', 'complex64', 'string', 'resource', 'int64', 'uint8'] as const).map(
    nativeDType,
  ),
);

function checkHeld(op: string, { dtype }: TensorMetadata): void {
  if (HELD.has(dtype)) return;
  const [word] = Object.entries(DType).find(([, number]) => number === dtype) ?? [`type ${dtype}`];
  throw new CnnError('DTYPE_MISMATCH', `${op} makes a tensor of a type that tfjs cannot hold`, {
    op,
    received: word,
    hint: 'Use nativeScope, and cast it before it leaves.',
  });
}

/** TensorFlow's number for an element type. */
export function nativeDType(dtype: DataType | NativeDType): number {
  return DType[dtype];
}

function requireNative(name: string) {
  const runtime = native();
  if (runtime === undefined) {
    throw new CnnError('UNSUPPORTED', `${name} runs on libtensorflow only`, {
      op: name,
      hint: 'Run "cnn setup" to get it.',
    });
  }
  return runtime;
}

function typedAttributes(opDefs: OpDefs, op: string, attrs: Record<string, AttrValue>): OpAttr[] {
  const entries = Object.entries(attrs);
  if (entries.length === 0) return [];
  const { attributes } = opDefs.get(op);
  return entries.map(([name, value]) => {
    // An attribute that the op does not have is refused with the rest of the call.
    const type = attributes.get(name)?.type ?? AttrType.string;
    return { name, type, value: type === AttrType.type ? nativeDType(value as NativeDType) : value };
  });
}
