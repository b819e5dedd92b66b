import { AttrType, eagerAttributes, type OpAttr } from './attributes.js';
import { type CApi, DType, type Pointer } from './capi.js';
import { checkCall } from './check-call.js';
import { type ContextOptions, NativeContext } from './context.js';
import { isReader } from './effects.js';
import { Trace, type TracedFunction, type TraceOptions } from './graph.js';
import { type Contents, Handles, type TensorMetadata, type Values } from './handles.js';
import { OpDefs } from './op-defs.js';
import { OP_RULES, type OpCall } from './op-rules.js';

/** The name by which TensorFlow knows resources without a name. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

const noAttributes = () => {};

/**
 * What tfjs-node's backend class and kernels call: the interface of its native addon, on TensorFlow's C API.
 * Tensors are numbers here. While a trace is open, ops are recorded instead of executed.
 */
export class Binding {
  readonly TF_FLOAT = DType.float32;
  readonly TF_INT32 = DType.int32;
  readonly TF_INT64 = DType.int64;
  readonly TF_BOOL = DType.bool;
  readonly TF_COMPLEX64 = DType.complex64;
  readonly TF_STRING = DType.string;
  readonly TF_RESOURCE = DType.resource;
  readonly TF_UINT8 = DType.uint8;
  readonly TF_ATTR_STRING = AttrType.string;
  readonly TF_ATTR_INT = AttrType.int;
  readonly TF_ATTR_FLOAT = AttrType.float;
  readonly TF_ATTR_BOOL = AttrType.bool;
  readonly TF_ATTR_TYPE = AttrType.type;
  readonly TF_ATTR_SHAPE = AttrType.shape;
  readonly TF_ATTR_RESOURCE = DType.resource;
  readonly TF_Version: string;

  readonly context: NativeContext;
  readonly handles: Handles;
  readonly opDefs: OpDefs;
  private readonly setAttribute: (op: Pointer, attr: OpAttr) => void;
  private openTrace: Trace | undefined;
  private functions = 0;

  constructor(c: CApi, options: ContextOptions = {}) {
    this.context = new NativeContext(c, options);
    this.handles = new Handles(this.context);
    this.opDefs = new OpDefs(this.context);
    this.setAttribute = eagerAttributes(this.context);
    this.TF_Version = c.version();
  }

  isUsingGpuDevice(): boolean {
    return this.context.hasGpu;
  }

  getNumOfTensors(): number {
    return this.handles.count;
  }

  /** Number of traced functions registered. */
  get functionCount(): number {
    return this.functions;
  }

  createTensor(shape: number[], dtype: number, values: Values): number {
    return this.handles.create(shape, dtype, values);
  }

  deleteTensor(id: number): void {
    this.handles.delete(id);
  }

  tensorDataSync(id: number): NodeJS.TypedArray | Uint8Array[] {
    return this.handles.read(id);
  }

  executeOp(
    name: string,
    attrs: readonly OpAttr[],
    inputIds: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const def = this.opDefs.get(name);
    checkCall(name, def, attrs, inputIds.length, outputCount);
    const rule = OP_RULES.get(name);
    if (rule !== undefined) rule(this.describeCall(name, attrs, inputIds));
    const trace = this.openTrace;
    if (trace !== undefined && !trace.folds(name, inputIds)) {
      return trace.record(name, attrs, inputIds, outputCount);
    }
    const configure = (op: Pointer) => {
      for (const attr of attrs) this.setAttribute(op, attr);
    };
    const outputs = this.context.execute(name, this.pointersOf(inputIds), configure, outputCount);
    if (def.stateful && !isReader(name)) noteChanges(inputIds.map((id) => this.contentsOf(id)));
    return outputs.map((handle) => this.handles.adopt(handle));
  }

  /** A new variable, not yet initialized; freed with its handle. */
  createVariable(dtype: number, shape: readonly number[], name = 'variable'): number {
    // This shared name makes the resource anonymous: it belongs to its handle alone.
    const attrs: OpAttr[] = [
      { name: 'dtype', type: AttrType.type, value: dtype },
      { name: 'shape', type: AttrType.shape, value: shape },
      { name: 'shared_name', type: AttrType.string, value: ANONYMOUS },
    ];
    const configure = (op: Pointer) => {
      for (const attr of attrs) this.setAttribute(op, attr);
    };
    const [handle] = this.context.execute('VarHandleOp', [], configure, 1);
    return this.handles.add({
      dtype: DType.resource,
      shape: [],
      handle: handle!,
      holds: { dtype, shape, name, changes: 0 },
    }).id;
  }

  /** What a variable's handle holds; undefined for a tensor. */
  contentsOf(id: number): Contents | undefined {
    const tensor = this.handles.get(id);
    return 'handle' in tensor ? tensor.holds : undefined;
  }

  /** The trace that records ops now, if any. */
  get trace(): Trace | undefined {
    return this.openTrace;
  }

  /** Records what `body` executes. The trace is abandoned when `body` does not finish it. */
  record<T>(body: (trace: Trace) => T, options: TraceOptions = {}): T {
    const outer = this.openTrace;
    const trace = new Trace(this.context, this.handles, this.opDefs, options);
    this.openTrace = trace;
    try {
      return body(trace);
    } finally {
      this.openTrace = outer;
      if (trace.isOpen) trace.abandon();
    }
  }

  finishTrace(trace: Trace, name: string, outputIds: readonly number[]): TracedFunction {
    const fn = trace.finish(name, outputIds);
    this.functions++;
    return fn;
  }

  call(fn: TracedFunction, inputIds: readonly number[]): TensorMetadata[] {
    const { outputs } = fn;
    noteChanges(fn.writes);
    return this.adoptAll(
      fn,
      this.context.execute(fn.name, this.argumentsOf(fn, inputIds), noAttributes, outputs.length),
    );
  }

  async callAsync(fn: TracedFunction, inputIds: readonly number[]): Promise<TensorMetadata[]> {
    const { outputs } = fn;
    try {
      const pointers = this.argumentsOf(fn, inputIds);
      return this.adoptAll(
        fn,
        await this.context.executeAsync(fn.name, pointers, noAttributes, outputs.length),
      );
    } finally {
      noteChanges(fn.writes);
    }
  }

  /** Forgets a function and the tensors it captured. */
  deleteFunction(fn: TracedFunction): void {
    const { c, pointer, status } = this.context;
    c.removeFunction(pointer, fn.name, status);
    this.context.check(`remove ${fn.name}`);
    for (const handle of fn.captures) c.deleteHandle(handle);
    this.functions--;
  }

  private describeCall(op: string, attrs: readonly OpAttr[], inputIds: readonly number[]): OpCall {
    const inputs = inputIds.map((id) => this.handles.get(id));
    return {
      op,
      attrs,
      shapes: inputs.map(({ shape }) => shape),
      valuesOf: (i) => {
        const { dtype } = inputs[i]!;
        const isKnown = 'handle' in inputs[i]! && (dtype === DType.int32 || dtype === DType.int64);
        return isKnown
          ? Array.from(this.handles.read(inputIds[i]!) as Int32Array | BigInt64Array, Number)
          : undefined;
      },
    };
  }

  private argumentsOf(fn: TracedFunction, inputIds: readonly number[]): Pointer[] {
    const pointers = this.pointersOf(inputIds);
    for (const capture of fn.captures) pointers.push(capture);
    return pointers;
  }

  /** Takes over a function's results, of which the trace has told everything already. */
  private adoptAll({ outputs }: TracedFunction, pointers: readonly Pointer[]): TensorMetadata[] {
    return pointers.map((handle, i) => {
      const { dtype, shape } = outputs[i]!;
      return this.handles.add({ dtype, shape: [...shape], handle });
    });
  }

  private pointersOf(ids: readonly number[]): Pointer[] {
    return ids.map((id) => this.handles.concrete(id).handle);
  }
}

function noteChanges(written: Iterable<Contents | undefined>): void {
  for (const contents of written) if (contents !== undefined) contents.changes++;
}
