import koffi, { type LibraryHandle } from 'koffi';
import { CnnError, type ErrorCode } from '../errors.js';
import { pinLibraries } from './pin-library.js';
import { declareProfiler, type ProfilerApi } from './profiler-api.js';

/** The address of a native object. It never leaves `runtime/`. */
export type Pointer = bigint;
/** One output of a graph node, as TF_Output. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}
/** What a C function reads through a `const void*`. */
type Bytes = NodeJS.ArrayBufferView | null;

/** TensorFlow's DataType numbers. */
export const DType = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  resource: 20,
  uint32: 22,
  uint64: 23,
} as const;

/** Bytes of one element, for the types that have a fixed size. */
export const BYTES_PER_ELEMENT: Readonly<Record<number, number>> = {
  [DType.float32]: 4,
  [DType.float64]: 8,
  [DType.int32]: 4,
  [DType.uint8]: 1,
  [DType.complex64]: 8,
  [DType.int64]: 8,
  [DType.bool]: 1,
  [DType.bfloat16]: 2,
  [DType.uint16]: 2,
  [DType.uint32]: 4,
  [DType.uint64]: 8,
};

/** Native code runs on koffi's own stacks; TensorFlow needs more than its 2 MiB (128 KiB off the main thread). */
const STACK_BYTES = 8 * 1024 * 1024;

// At once: koffi fixes its settings for the whole process when anybody loads the first library with it.
try {
  koffi.config({ sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES });
} catch {}

/**
 * The functions of TensorFlow's C API that this package calls. Every `status` is one of `newStatus`; the wrappers
 * in this folder check it after each call that can fail.
 */
export interface CApi {
  version(): string;
  memcpyIn(to: Pointer, from: NodeJS.ArrayBufferView, bytes: number): Pointer;
  memcpyOut(to: NodeJS.ArrayBufferView, from: Pointer, bytes: number): Pointer;

  newStatus(): Pointer;
  deleteStatus(status: Pointer): void;
  statusCode(status: Pointer): number;
  statusMessage(status: Pointer): string;

  newBuffer(): Pointer;
  newBufferFromString(bytes: Bytes, length: number): Pointer;
  deleteBuffer(buffer: Pointer): void;

  newContextOptions(): Pointer;
  setConfig(options: Pointer, proto: Bytes, length: number, status: Pointer): void;
  deleteContextOptions(options: Pointer): void;
  newContext(options: Pointer, status: Pointer): Pointer;
  listDevices(context: Pointer, status: Pointer): Pointer;
  deviceCount(list: Pointer): number;
  deviceName(list: Pointer, index: number, status: Pointer): string;
  deviceType(list: Pointer, index: number, status: Pointer): string;
  deleteDeviceList(list: Pointer): void;

  allocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): Pointer | null;
  tensorData(tensor: Pointer): Pointer;
  tensorBytes(tensor: Pointer): number;
  deleteTensor(tensor: Pointer): void;
  stringInit(string: Pointer): void;
  stringCopy(string: Pointer, bytes: Bytes, length: number): void;
  stringData(string: Pointer): Pointer;
  stringSize(string: Pointer): number;
  stringFree(string: Pointer): void;

  newHandle(tensor: Pointer, status: Pointer): Pointer;
  copyHandle(handle: Pointer, status: Pointer): Pointer;
  deleteHandle(handle: Pointer): void;
  handleDType(handle: Pointer): number;
  handleRank(handle: Pointer, status: Pointer): number;
  handleDim(handle: Pointer, index: number, status: Pointer): number;
  resolveHandle(handle: Pointer, status: Pointer): Pointer;

  newOp(context: Pointer, name: string, status: Pointer): Pointer;
  deleteOp(op: Pointer): void;
  resetOp(op: Pointer, name: string, device: null, status: Pointer): void;
  opAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  opSetDevice(op: Pointer, device: string, status: Pointer): void;
  opSetString(op: Pointer, name: string, bytes: Bytes, length: number): void;
  opSetInt(op: Pointer, name: string, value: number): void;
  opSetIntList(op: Pointer, name: string, values: BigInt64Array, n: number): void;
  opSetFloat(op: Pointer, name: string, value: number): void;
  opSetFloatList(op: Pointer, name: string, values: Float32Array, n: number): void;
  opSetBool(op: Pointer, name: string, value: number): void;
  opSetType(op: Pointer, name: string, value: number): void;
  opSetTypeList(op: Pointer, name: string, values: Int32Array, n: number): void;
  opSetShape(op: Pointer, name: string, dims: BigInt64Array, rank: number, status: Pointer): void;
  opSetFunction(op: Pointer, name: string, fn: string, length: number): void;
  execute: {
    (op: Pointer, outputs: BigUint64Array, count: Int32Array, status: Pointer): void;
    async(
      op: Pointer,
      outputs: BigUint64Array,
      count: Int32Array,
      status: Pointer,
      done: (error: Error | null) => void,
    ): void;
  };

  newGraph(): Pointer;
  deleteGraph(graph: Pointer): void;
  newNode(graph: Pointer, op: string, name: string): Pointer;
  finishNode(node: Pointer, status: Pointer): Pointer;
  nodeAddInput(node: Pointer, input: GraphOutput): void;
  nodeAddInputList(node: Pointer, inputs: readonly GraphOutput[], n: number): void;
  nodeAddControlInput(node: Pointer, dependency: Pointer): void;
  nodeSetDevice(node: Pointer, device: string): void;
  nodeSetString(node: Pointer, name: string, bytes: Bytes, length: number): void;
  nodeSetInt(node: Pointer, name: string, value: number): void;
  nodeSetIntList(node: Pointer, name: string, values: BigInt64Array, n: number): void;
  nodeSetFloat(node: Pointer, name: string, value: number): void;
  nodeSetFloatList(node: Pointer, name: string, values: Float32Array, n: number): void;
  nodeSetBool(node: Pointer, name: string, value: number): void;
  nodeSetType(node: Pointer, name: string, value: number): void;
  nodeSetTypeList(node: Pointer, name: string, values: Int32Array, n: number): void;
  nodeSetShape(node: Pointer, name: string, dims: BigInt64Array, rank: number): void;
  nodeSetTensor(node: Pointer, name: string, tensor: Pointer, status: Pointer): void;
  nodeSetFunction(node: Pointer, name: string, fn: string, length: number): void;
  nodeOutputCount(node: Pointer): number;
  outputType(output: GraphOutput): number;
  outputRank(graph: Pointer, output: GraphOutput, status: Pointer): number;
  outputShape(graph: Pointer, output: GraphOutput, dims: BigInt64Array, rank: number, status: Pointer): void;
  setOutputShape(
    graph: Pointer,
    output: GraphOutput,
    dims: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  graphOpDef(graph: Pointer, op: string, buffer: Pointer, status: Pointer): void;
  graphToGraphDef(graph: Pointer, buffer: Pointer, status: Pointer): void;
  graphToFunction(
    graph: Pointer,
    name: string,
    inputCount: number,
    inputs: readonly GraphOutput[],
    outputCount: number,
    outputs: readonly GraphOutput[],
    controlCount: number,
    controls: BigUint64Array,
    status: Pointer,
  ): Pointer;
  deleteFunction(fn: Pointer): void;
  addFunction(context: Pointer, fn: Pointer, status: Pointer): void;
  removeFunction(context: Pointer, name: string, status: Pointer): void;

  /** Declared when asked for: not every library exports it. @throws where this one does not */
  profiler(): ProfilerApi;
}

let structsDeclared = false;

/**
 * Opens libtensorflow and declares its functions.
 *
 * @param cc path of libtensorflow_cc; libtensorflow_framework is found beside it by the loader
 * @param preload libraries to be loaded before it (CUDA's, where the run path misses one)
 * @throws CnnError LIBRARY_UNUSABLE when the loader refuses it or a function is missing
 */
export function openLibrary(cc: string, preload: readonly string[] = []): CApi {
  const { sync_stack_size: sync, async_stack_size: async } = koffi.config();
  if (Math.min(sync ?? 0, async ?? 0) < STACK_BYTES) {
    throw new CnnError('LIBRARY_UNUSABLE', 'TensorFlow needs larger stacks than koffi now gives', {
      file: cc,
      hint: 'Import cnn-node before another part of the program loads a library with koffi.',
    });
  }
  const refused = pinLibraries([...preload, cc]);
  if (refused !== undefined) throw unusable(cc, refused);
  if (!structsDeclared) {
    koffi.struct('TF_Output', { oper: 'void*', index: 'int' });
    structsDeclared = true;
  }
  try {
    return declare(koffi.load(cc));
  } catch (cause) {
    throw unusable(cc, (cause as Error).message, cause);
  }
}

function unusable(file: string, reason: string, cause?: unknown): CnnError {
  return new CnnError('LIBRARY_UNUSABLE', `libtensorflow cannot be loaded: ${reason}`, {
    file,
    cause,
    hint: 'Run "cnn setup" to get a verified copy, or "cnn doctor" to see what runs on this machine.',
  });
}

function declare(library: LibraryHandle): CApi {
  const c = (signature: string) => library.func(signature);
  const libc = process.platform === 'win32' ? koffi.load('msvcrt.dll') : koffi.load(null);
  const toFunction = c(
    'void* TF_GraphToFunctionWithControlOutputs(void*, const char*, uint8_t, int, const void**, int, const TF_Output*, int, const TF_Output*, const char**, int, const void**, const char**, void*, const char*, void*)',
  );
  return {
    version: c('const char* TF_Version()'),
    memcpyIn: libc.func('void* memcpy(void* to, const void* from, size_t bytes)'),
    memcpyOut: libc.func('void* memcpy(void* to, const void* from, size_t bytes)'),

    newStatus: c('void* TF_NewStatus()'),
    deleteStatus: c('void TF_DeleteStatus(void*)'),
    statusCode: c('int TF_GetCode(void*)'),
    statusMessage: c('const char* TF_Message(void*)'),

    newBuffer: c('void* TF_NewBuffer()'),
    newBufferFromString: c('void* TF_NewBufferFromString(const void*, size_t)'),
    deleteBuffer: c('void TF_DeleteBuffer(void*)'),

    newContextOptions: c('void* TFE_NewContextOptions()'),
    setConfig: c('void TFE_ContextOptionsSetConfig(void*, const void*, size_t, void*)'),
    deleteContextOptions: c('void TFE_DeleteContextOptions(void*)'),
    newContext: c('void* TFE_NewContext(void*, void*)'),
    listDevices: c('void* TFE_ContextListDevices(void*, void*)'),
    deviceCount: c('int TF_DeviceListCount(void*)'),
    deviceName: c('const char* TF_DeviceListName(void*, int, void*)'),
    deviceType: c('const char* TF_DeviceListType(void*, int, void*)'),
    deleteDeviceList: c('void TF_DeleteDeviceList(void*)'),

    allocateTensor: c('void* TF_AllocateTensor(int, const int64_t*, int, size_t)'),
    tensorData: c('void* TF_TensorData(void*)'),
    tensorBytes: c('size_t TF_TensorByteSize(void*)'),
    deleteTensor: c('void TF_DeleteTensor(void*)'),
    stringInit: c('void TF_StringInit(void*)'),
    stringCopy: c('void TF_StringCopy(void*, const void*, size_t)'),
    stringData: c('void* TF_StringGetDataPointer(void*)'),
    stringSize: c('size_t TF_StringGetSize(void*)'),
    stringFree: c('void TF_StringDealloc(void*)'),

    newHandle: c('void* TFE_NewTensorHandle(void*, void*)'),
    copyHandle: c('void* TFE_TensorHandleCopySharingTensor(void*, void*)'),
    deleteHandle: c('void TFE_DeleteTensorHandle(void*)'),
    handleDType: c('int TFE_TensorHandleDataType(void*)'),
    handleRank: c('int TFE_TensorHandleNumDims(void*, void*)'),
    handleDim: c('int64_t TFE_TensorHandleDim(void*, int, void*)'),
    resolveHandle: c('void* TFE_TensorHandleResolve(void*, void*)'),

    newOp: c('void* TFE_NewOp(void*, const char*, void*)'),
    deleteOp: c('void TFE_DeleteOp(void*)'),
    resetOp: c('void TFE_OpReset(void*, const char*, const char*, void*)'),
    opAddInput: c('void TFE_OpAddInput(void*, void*, void*)'),
    opSetDevice: c('void TFE_OpSetDevice(void*, const char*, void*)'),
    opSetString: c('void TFE_OpSetAttrString(void*, const char*, const void*, size_t)'),
    opSetInt: c('void TFE_OpSetAttrInt(void*, const char*, int64_t)'),
    opSetIntList: c('void TFE_OpSetAttrIntList(void*, const char*, const int64_t*, int)'),
    opSetFloat: c('void TFE_OpSetAttrFloat(void*, const char*, float)'),
    opSetFloatList: c('void TFE_OpSetAttrFloatList(void*, const char*, const float*, int)'),
    opSetBool: c('void TFE_OpSetAttrBool(void*, const char*, uint8_t)'),
    opSetType: c('void TFE_OpSetAttrType(void*, const char*, int)'),
    opSetTypeList: c('void TFE_OpSetAttrTypeList(void*, const char*, const int*, int)'),
    opSetShape: c('void TFE_OpSetAttrShape(void*, const char*, const int64_t*, int, void*)'),
    opSetFunction: c('void TFE_OpSetAttrFunctionName(void*, const char*, const char*, size_t)'),
    execute: c('void TFE_Execute(void*, void**, int*, void*)') as unknown as CApi['execute'],

    newGraph: c('void* TF_NewGraph()'),
    deleteGraph: c('void TF_DeleteGraph(void*)'),
    newNode: c('void* TF_NewOperation(void*, const char*, const char*)'),
    finishNode: c('void* TF_FinishOperation(void*, void*)'),
    nodeAddInput: c('void TF_AddInput(void*, TF_Output)'),
    nodeAddInputList: c('void TF_AddInputList(void*, const TF_Output*, int)'),
    nodeAddControlInput: c('void TF_AddControlInput(void*, void*)'),
    nodeSetDevice: c('void TF_SetDevice(void*, const char*)'),
    nodeSetString: c('void TF_SetAttrString(void*, const char*, const void*, size_t)'),
    nodeSetInt: c('void TF_SetAttrInt(void*, const char*, int64_t)'),
    nodeSetIntList: c('void TF_SetAttrIntList(void*, const char*, const int64_t*, int)'),
    nodeSetFloat: c('void TF_SetAttrFloat(void*, const char*, float)'),
    nodeSetFloatList: c('void TF_SetAttrFloatList(void*, const char*, const float*, int)'),
    nodeSetBool: c('void TF_SetAttrBool(void*, const char*, uint8_t)'),
    nodeSetType: c('void TF_SetAttrType(void*, const char*, int)'),
    nodeSetTypeList: c('void TF_SetAttrTypeList(void*, const char*, const int*, int)'),
    nodeSetShape: c('void TF_SetAttrShape(void*, const char*, const int64_t*, int)'),
    nodeSetTensor: c('void TF_SetAttrTensor(void*, const char*, void*, void*)'),
    nodeSetFunction: c('void TF_SetAttrFuncName(void*, const char*, const char*, size_t)'),
    nodeOutputCount: c('int TF_OperationNumOutputs(void*)'),
    outputType: c('int TF_OperationOutputType(TF_Output)'),
    outputRank: c('int TF_GraphGetTensorNumDims(void*, TF_Output, void*)'),
    outputShape: c('void TF_GraphGetTensorShape(void*, TF_Output, _Out_ int64_t*, int, void*)'),
    setOutputShape: c('void TF_GraphSetTensorShape(void*, TF_Output, const int64_t*, int, void*)'),
    graphOpDef: c('void TF_GraphGetOpDef(void*, const char*, void*, void*)'),
    graphToGraphDef: c('void TF_GraphToGraphDef(void*, void*, void*)'),
    graphToFunction: (
      graph,
      name,
      inputCount,
      inputs,
      outputCount,
      outputs,
      controlCount,
      controls,
      status,
    ) =>
      toFunction(
        graph,
        name,
        0,
        -1,
        null,
        inputCount,
        inputs,
        outputCount,
        outputs,
        null,
        controlCount,
        controls,
        null,
        null,
        null,
        status,
      ),
    deleteFunction: c('void TF_DeleteFunction(void*)'),
    addFunction: c('void TFE_ContextAddFunction(void*, void*, void*)'),
    removeFunction: c('void TFE_ContextRemoveFunction(void*, const char*, void*)'),
    profiler: () => declareProfiler(library),
  };
}

/** The bytes a TF_Buffer holds ({ const void* data; size_t length; ... }); the buffer is deleted. */
export function takeBuffer(c: CApi, buffer: Pointer): Uint8Array {
  const head = new BigUint64Array(2);
  c.memcpyOut(head, buffer, 16);
  const bytes = new Uint8Array(Number(head[1]));
  if (bytes.length > 0) c.memcpyOut(bytes, head[0]!, bytes.length);
  c.deleteBuffer(buffer);
  return bytes;
}

/** TensorFlow's RESOURCE_EXHAUSTED. */
const EXHAUSTED = 8;

/**
 * Throws when the last call failed, naming what was done.
 *
 * @throws CnnError NATIVE_OP_FAILED (or the given code) with TensorFlow's message; OUT_OF_MEMORY
 */
export function checkStatus(
  c: CApi,
  status: Pointer,
  what: string,
  code: ErrorCode = 'NATIVE_OP_FAILED',
): void {
  const native = c.statusCode(status);
  if (native === 0) return;
  const given = native === EXHAUSTED ? 'OUT_OF_MEMORY' : code;
  throw new CnnError(given, `${what}: ${c.statusMessage(status)}`, { op: what, nativeCode: native });
}
