import { CnnError } from '../errors.js';
import { BYTES_PER_ELEMENT, DType, type GraphOutput, type Pointer } from './capi.js';
import type { NativeContext } from './context.js';
import type { Trace } from './graph.js';

/** Values as tfjs hands them over; strings come as UTF-8 bytes. */
export type Values = NodeJS.TypedArray | readonly number[] | readonly Uint8Array[];

/** What the binding tells about a tensor. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What a variable holds. */
export interface Contents {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly name: string;
  /** How often it may have been changed. */
  changes: number;
}

/** A tensor that has its values: a handle of TensorFlow's eager runtime. */
export interface ConcreteTensor {
  readonly dtype: number;
  readonly shape: number[];
  readonly handle: Pointer;
  /** For the handle of a variable: what it holds, since a resource says nothing itself. */
  readonly holds?: Contents;
}

/** A tensor of a graph under construction: an output of one of its nodes. */
export interface SymbolicTensor {
  readonly dtype: number;
  readonly shape: number[];
  readonly output: GraphOutput;
  readonly trace: Trace;
  /** The op that makes it, for messages. */
  readonly op: string;
}

export type NativeTensor = ConcreteTensor | SymbolicTensor;

const TSTRING_BYTES = 24;

/** The tensors that JavaScript knows by a number. Each handle is freed exactly once. */
export class Handles {
  private readonly context: NativeContext;
  private readonly tensors = new Map<number, NativeTensor>();
  private nextId = 1;
  private alive = 0;

  constructor(context: NativeContext) {
    this.context = context;
  }

  /** Number of native tensors alive. */
  get count(): number {
    return this.alive;
  }

  /** @throws CnnError DISPOSED for a number that was never given out or is deleted */
  get(id: number): NativeTensor {
    const tensor = this.tensors.get(id);
    if (tensor === undefined) {
      throw new CnnError('DISPOSED', `there is no native tensor ${id}; it was disposed or never computed`);
    }
    return tensor;
  }

  /** As `get`, for an op that is to run now. @throws CnnError TRACE_READ for a tensor of a trace */
  concrete(id: number): ConcreteTensor {
    const tensor = this.get(id);
    if ('trace' in tensor) throw readInTrace(tensor);
    return tensor;
  }

  add(tensor: NativeTensor): TensorMetadata {
    const id = this.nextId++;
    this.tensors.set(id, tensor);
    if ('handle' in tensor) this.alive++;
    return { id, shape: tensor.shape, dtype: tensor.dtype };
  }

  /** Deletes a tensor; an unknown number is ignored, since tfjs may dispose of a tensor that never went native. */
  delete(id: number): void {
    const tensor = this.tensors.get(id);
    if (tensor === undefined) return;
    this.tensors.delete(id);
    if ('handle' in tensor) {
      this.context.c.deleteHandle(tensor.handle);
      this.alive--;
    }
  }

  /** Takes over a handle that TensorFlow made. */
  adopt(handle: Pointer): TensorMetadata {
    const { c, status } = this.context;
    const dtype = c.handleDType(handle);
    const shape: number[] = [];
    if (dtype !== DType.resource) {
      const rank = c.handleRank(handle, status);
      if (rank < 0) this.context.check('read the rank of a tensor');
      for (let i = 0; i < rank; i++) shape.push(c.handleDim(handle, i, status));
    }
    return this.add({ dtype, shape, handle });
  }

  create(shape: readonly number[], dtype: number, values: Values): number {
    const { c, status } = this.context;
    checkShape(shape);
    if (dtype === DType.string) return this.createStrings(shape, values as readonly Uint8Array[]);
    const tensor = this.allocate(shape, dtype, values as NodeJS.TypedArray);
    const handle = c.newHandle(tensor, status);
    c.deleteTensor(tensor);
    this.context.check('create a tensor');
    return this.add({ dtype, shape: [...shape], handle }).id;
  }

  /** A copy of a tensor's values. @throws CnnError TRACE_READ for a symbolic one */
  read(id: number): NodeJS.TypedArray | Uint8Array[] {
    const tensor = this.concrete(id);
    const { c, status } = this.context;
    const native = c.resolveHandle(tensor.handle, status);
    this.context.check('read a tensor');
    try {
      const bytes = c.tensorBytes(native);
      if (tensor.dtype === DType.string) return this.readStrings(native, tensor.shape);
      const values = newArray(tensor.dtype, bytes);
      if (bytes > 0) c.memcpyOut(values, c.tensorData(native), bytes);
      return values;
    } finally {
      c.deleteTensor(native);
    }
  }

  private allocate(shape: readonly number[], dtype: number, values: NodeJS.TypedArray): Pointer {
    const { c } = this.context;
    const size = BYTES_PER_ELEMENT[dtype];
    if (size === undefined) {
      throw new CnnError('DTYPE_MISMATCH', `a tensor of native type ${dtype} cannot be created`, { dtype });
    }
    const bytes = elementCount(shape) * size;
    const data = asBytesOf(values, dtype);
    if (data.byteLength !== bytes) throw doesNotFill(shape, `${bytes} bytes`, data.byteLength);
    const tensor = c.allocateTensor(dtype, dims(shape), shape.length, bytes);
    if (tensor === null) throw outOfMemory(shape, bytes);
    if (bytes > 0) c.memcpyIn(c.tensorData(tensor), data, bytes);
    return tensor;
  }

  /**
   * A tensor allocated through the C API does not free the heap part of its strings. So TensorFlow copies it into
   * a tensor of its own, which does, and the strings of the first are freed here.
   */
  private createStrings(shape: readonly number[], values: readonly Uint8Array[]): number {
    const { c, status } = this.context;
    if (!Array.isArray(values) || !values.every((value) => value instanceof Uint8Array)) throw notStrings();
    const bytes = elementCount(shape) * TSTRING_BYTES;
    if (values.length * TSTRING_BYTES !== bytes)
      throw doesNotFill(shape, `${bytes / TSTRING_BYTES} strings`, values.length);
    const tensor = c.allocateTensor(DType.string, dims(shape), shape.length, bytes);
    if (tensor === null) throw outOfMemory(shape, bytes);
    const slots = values.map((_, i) => c.tensorData(tensor) + BigInt(i * TSTRING_BYTES));
    for (const [i, slot] of slots.entries()) {
      c.stringInit(slot);
      c.stringCopy(slot, values[i]!, values[i]!.length);
    }
    const handle = c.newHandle(tensor, status);
    this.context.check('create a tensor of strings');
    try {
      return this.adopt(this.context.execute('DeepCopy', [handle], () => {}, 1)[0]!).id;
    } finally {
      c.deleteHandle(handle);
      for (const slot of slots) c.stringFree(slot);
      c.deleteTensor(tensor);
    }
  }

  private readStrings(native: Pointer, shape: readonly number[]): Uint8Array[] {
    const { c } = this.context;
    const data = c.tensorData(native);
    return Array.from({ length: elementCount(shape) }, (_, i) => {
      const slot = data + BigInt(i * TSTRING_BYTES);
      const bytes = new Uint8Array(c.stringSize(slot));
      if (bytes.length > 0) c.memcpyOut(bytes, c.stringData(slot), bytes.length);
      return bytes;
    });
  }
}

/** TensorFlow's limit; it ends the process for a tensor with more dimensions. */
const MOST_DIMENSIONS = 254;

function checkShape(shape: readonly number[]): void {
  const isShape =
    shape.length <= MOST_DIMENSIONS && shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
  if (isShape) return;
  throw new CnnError('SHAPE_MISMATCH', 'a tensor cannot have this shape', {
    expected: `up to ${MOST_DIMENSIONS} whole numbers that are not negative`,
    received: `[${shape}]`,
  });
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function dims(shape: readonly number[]): BigInt64Array {
  return BigInt64Array.from(shape, BigInt);
}

function readInTrace(tensor: SymbolicTensor): CnnError {
  return new CnnError('TRACE_READ', `the value of ${tensor.op}'s result was asked for while jit traces`, {
    op: tensor.op,
    hint: 'A traced function has no values yet: return the tensor and read it outside, or use tensor operations (tf.where, tf.mul ...) in place of the decision.',
  });
}

function notStrings(): CnnError {
  return new CnnError('DTYPE_MISMATCH', 'a tensor of strings is made of their bytes', {
    expected: 'an array of Uint8Array',
  });
}

function doesNotFill(shape: readonly number[], expected: string, received: number): CnnError {
  return new CnnError('SHAPE_MISMATCH', `the values do not fill the shape [${shape}]`, {
    expected,
    received: `${received}`,
  });
}

function outOfMemory(shape: readonly number[], bytes: number): CnnError {
  return new CnnError('NATIVE_OP_FAILED', `no memory for a tensor of shape [${shape}] (${bytes} bytes)`, {
    bytes,
  });
}

/** tfjs hands over int32, bool and uint8 values in more than one kind of array. */
function asBytesOf(values: NodeJS.TypedArray | readonly number[], dtype: number): NodeJS.TypedArray {
  const numbers = values as ArrayLike<number>;
  switch (dtype) {
    case DType.float32:
      return values instanceof Float32Array ? values : Float32Array.from(numbers);
    case DType.int32:
      return values instanceof Int32Array ? values : Int32Array.from(numbers);
    case DType.bool:
    case DType.uint8:
      return values instanceof Uint8Array || values instanceof Uint8ClampedArray
        ? values
        : Uint8Array.from(numbers);
    default:
      return values as NodeJS.TypedArray;
  }
}

function newArray(dtype: number, bytes: number): NodeJS.TypedArray {
  switch (dtype) {
    case DType.float32:
    case DType.complex64:
      return new Float32Array(bytes / 4);
    case DType.float64:
      return new Float64Array(bytes / 8);
    case DType.int32:
      return new Int32Array(bytes / 4);
    case DType.uint32:
      return new Uint32Array(bytes / 4);
    case DType.int64:
      return new BigInt64Array(bytes / 8);
    case DType.uint64:
      return new BigUint64Array(bytes / 8);
    case DType.uint16:
    case DType.bfloat16:
      return new Uint16Array(bytes / 2);
    case DType.bool:
    case DType.uint8:
      return new Uint8Array(bytes);
    default:
      throw new CnnError('DTYPE_MISMATCH', `values of native type ${dtype} cannot be read`, { dtype });
  }
}
