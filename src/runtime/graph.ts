import { CnnError } from '../errors.js';
import { AttrType, nodeAttributes, type OpAttr } from './attributes.js';
import { DType, type GraphOutput, type Pointer, takeBuffer } from './capi.js';
import { listLength } from './check-call.js';
import type { NativeContext } from './context.js';
import { type Effect, Effects } from './effects.js';
import { keyOf, type Line, printGraph } from './graph-text.js';
import {
  type ConcreteTensor,
  type Contents,
  dims,
  elementCount,
  type Handles,
  type NativeTensor,
  type SymbolicTensor,
  type TensorMetadata,
} from './handles.js';
import { NodeNames, toNodePath } from './node-name.js';
import type { OpDef, OpDefs } from './op-defs.js';
import { isFoldable, isUnchanged } from './simplify.js';

/** Captured tensors up to this many elements become constants of the graph; larger ones stay arguments. */
const MAX_CONSTANT_ELEMENTS = 1024;

export interface TraceOptions {
  /** Captured tensors of more elements are arguments of the function instead of constants in it. Default: 1024. */
  readonly maxConstantElements?: number;
  /**
   * Whether equal ops are recorded once, and ops that change nothing or whose operands are known not at all.
   * Default: false.
   */
  readonly simplify?: boolean;
}

/** What a finished trace is: a function that TensorFlow knows by name, and the tensors it holds on to. */
export interface TracedFunction {
  readonly name: string;
  /** What each call gives. */
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] }[];
  /** Variables that each call may change. */
  readonly writes: ReadonlySet<Contents>;
  /** Handles passed after the function's own arguments, in order; owned by the function. */
  readonly captures: readonly Pointer[];
}

/** Outputs, by op and number, that only the gradient op reads; TensorFlow does not say their shape. */
const SCRATCH = new Set(['FusedBatchNormV3:5']);

/**
 * A graph under construction. While a trace is open, every op that the binding is asked to execute is recorded
 * here instead.
 */
export class Trace {
  private readonly context: NativeContext;
  private readonly handles: Handles;
  private readonly opDefs: OpDefs;
  private readonly maxConstantElements: number;
  private readonly setAttribute: (node: Pointer, attr: OpAttr) => void;
  private graph: Pointer | undefined;
  private readonly names = new NodeNames();
  private readonly arguments: GraphOutput[] = [];
  private readonly captured = new Map<number, GraphOutput>();
  private readonly captures: { readonly handle: Pointer; readonly output: GraphOutput }[] = [];
  private readonly effects = new Effects();
  private awaited: Pointer | undefined;
  private readonly lines: Line[] = [];
  /** Whether the graph is to be made small, not to show each op that was asked for. */
  private readonly simplifies: boolean;
  /** Operands of what was computed while tracing. */
  private readonly folded = new Set<number>();
  /** Results of pure ops, by op, attributes and operands. */
  private readonly computed = new Map<string, readonly SymbolicTensor[]>();
  /** Constants by their contents. */
  private readonly constants = new Map<string, GraphOutput>();

  constructor(
    context: NativeContext,
    handles: Handles,
    opDefs: OpDefs,
    { maxConstantElements = MAX_CONSTANT_ELEMENTS, simplify = false }: TraceOptions = {},
  ) {
    this.context = context;
    this.handles = handles;
    this.opDefs = opDefs;
    this.maxConstantElements = maxConstantElements;
    this.simplifies = simplify;
    this.setAttribute = nodeAttributes(context);
    this.graph = context.c.newGraph();
  }

  get isOpen(): boolean {
    return this.graph !== undefined;
  }

  /** An argument of the function being traced. */
  addArgument(dtype: number, shape: readonly number[]): TensorMetadata {
    const output = this.placeholder(dtype, shape);
    this.arguments.push(output);
    return this.handles.add(this.noteSource(output, 'Argument', dtype, [...shape]));
  }

  /** Whether what the traced function computes rests on the value that a tensor from outside has now. */
  hasCaptured(id: number): boolean {
    return this.captured.has(id) || this.folded.has(id);
  }

  /** Whether an op is to be computed now instead of recorded: its operands are known, and small. */
  folds(op: string, inputIds: readonly number[]): boolean {
    const inputs = inputIds.map((id) => this.handles.get(id));
    if (!this.simplifies || !isFoldable(op, inputs)) return false;
    for (const id of inputIds) this.folded.add(id);
    return true;
  }

  /** Runs `body`, in which names of nodes begin with another scope. */
  withScope<T>(change: (scope: string) => string, body: () => T): T {
    return this.names.withScope(change, body);
  }

  /** Runs `body`, whose ops come after the one that makes a tensor. */
  after<T>(id: number, body: () => T): T {
    const outer = this.awaited;
    this.awaited = this.outputOf(id, this.handles.get(id)).oper;
    try {
      return body();
    } finally {
      this.awaited = outer;
    }
  }

  /** Records an op, whose call is checked already, and says what its outputs will be. */
  record(
    op: string,
    attrs: readonly OpAttr[],
    inputIds: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const { c } = this.context;
    const def = this.opDefs.get(op);
    const inputs = inputIds.map((id) => this.handles.get(id));
    const read = (i: number) => this.handles.read(inputIds[i]!) as Int32Array;
    if (this.simplifies && isUnchanged(op, attrs, inputs, read)) {
      const [{ dtype, shape }] = inputs as [NativeTensor];
      const same = this.symbolic(this.outputOf(inputIds[0]!, inputs[0]!), op, dtype, [...shape]);
      return [this.handles.add(same)];
    }
    const outputs = inputs.map((input, i) => this.outputOf(inputIds[i]!, input));
    const key =
      this.simplifies && !def.stateful ? `${op}(${outputs.map(keyOf)}) ${JSON.stringify(attrs)}` : undefined;
    const computed = key === undefined ? undefined : this.computed.get(key);
    if (computed !== undefined) return computed.map((result) => this.handles.add(result));
    const node = c.newNode(this.openGraph, op, this.names.next(op));
    this.addInputs(node, outputs, def);
    // What inputs imply is theirs to say: tfjs-node's Mean gives a T that contradicts its input.
    for (const attr of attrs) if (!def.implied.has(attr.name)) this.setAttribute(node, attr);
    const effect = this.effectOf(op, def.stateful, inputs, outputs);
    const order = this.effects.before(effect);
    if (this.awaited !== undefined) order.push(this.awaited);
    for (const dependency of order) c.nodeAddControlInput(node, dependency);
    const finished = c.finishNode(node, this.context.status);
    this.context.check(op);
    const made = c.nodeOutputCount(finished);
    if (made > outputCount) throw moreOutputs(op, made, outputCount);
    this.effects.note(effect, finished);
    const resource = inputs.find((t): t is ConcreteTensor => 'handle' in t && t.holds !== undefined);
    const results = Array.from({ length: made }, (_, index) =>
      this.describe(
        op,
        { oper: finished, index },
        op === 'ReadVariableOp' ? resource?.holds?.shape : undefined,
      ),
    );
    this.lines.push({ op, inputs: outputs, attrs, outputs: results, after: order.length });
    if (key !== undefined) this.computed.set(key, results);
    return results.map((result) => this.handles.add(result));
  }

  /** Closes the trace and registers it as a function. */
  finish(name: string, outputIds: readonly number[]): TracedFunction {
    const { c, status, pointer } = this.context;
    const results = outputIds.map((id) => this.handles.get(id));
    const outputs = results.map((result, i) => this.identity(this.outputOf(outputIds[i]!, result), i));
    const inputs = [...this.arguments, ...this.captures.map((capture) => capture.output)];
    const effects = BigUint64Array.from(this.effects.nodes);
    const fn = c.graphToFunction(
      this.openGraph,
      name,
      inputs.length,
      inputs,
      outputs.length,
      outputs,
      effects.length,
      effects,
      status,
    );
    this.context.check(`compile ${name}`);
    c.addFunction(pointer, fn, status);
    c.deleteFunction(fn);
    this.context.check(`register ${name}`);
    this.close();
    return {
      name,
      outputs: results.map(({ dtype, shape }) => ({ dtype, shape: [...shape] })),
      writes: this.effects.written,
      captures: this.captures.map((capture) => capture.handle),
    };
  }

  /** Gives the graph up. */
  abandon(): void {
    for (const { handle } of this.captures) this.context.c.deleteHandle(handle);
    this.close();
  }

  /** What has to be given to the graph beside its own arguments: captured tensors that are not its constants. */
  get captureCount(): number {
    return this.captures.length;
  }

  /** The graph as TensorFlow's GraphDef message. @param outputIds tensors that get a node each: `output_0` ... */
  toGraphDef(outputIds: readonly number[] = []): Uint8Array {
    const { c, status } = this.context;
    for (const [i, id] of outputIds.entries()) this.identity(this.outputOf(id, this.handles.get(id)), i);
    const buffer = c.newBuffer();
    c.graphToGraphDef(this.openGraph, buffer, status);
    this.context.check('export the graph');
    return takeBuffer(c, buffer);
  }

  /** The graph as text, one op a line: `%5: float32[128,512] = MatMul(%1, %2)`. */
  toString(): string {
    return printGraph(this.lines);
  }

  private get openGraph(): Pointer {
    if (this.graph === undefined) throw closedTrace();
    return this.graph;
  }

  private close(): void {
    if (this.graph !== undefined) this.context.c.deleteGraph(this.graph);
    this.graph = undefined;
  }

  /** The graph's own output for a tensor: its own, a constant, or a capture. */
  private outputOf(id: number, tensor: NativeTensor): GraphOutput {
    if ('trace' in tensor) {
      if (tensor.trace !== this) throw closedTrace(tensor.op);
      return tensor.output;
    }
    let output = this.captured.get(id);
    if (output === undefined) {
      const small = tensor.dtype !== DType.resource && elementCount(tensor.shape) <= this.maxConstantElements;
      output = small ? this.constantOf(id, tensor) : this.capture(tensor);
      this.captured.set(id, output);
    }
    return output;
  }

  /** A constant, the same one for the same contents where the graph is simplified. */
  private constantOf(id: number, tensor: ConcreteTensor): GraphOutput {
    if (!this.simplifies || tensor.dtype === DType.string) return this.constant(tensor);
    const { buffer } = this.handles.read(id) as NodeJS.TypedArray;
    const key = `${tensor.dtype}[${tensor.shape}] ${Buffer.from(buffer).toString('base64')}`;
    const output = this.constants.get(key) ?? this.constant(tensor);
    this.constants.set(key, output);
    return output;
  }

  private constant(tensor: ConcreteTensor): GraphOutput {
    const { c, status } = this.context;
    const node = c.newNode(this.openGraph, 'Const', this.names.next('constant'));
    const value = c.resolveHandle(tensor.handle, status);
    this.context.check('capture a constant');
    c.nodeSetType(node, 'dtype', tensor.dtype);
    c.nodeSetTensor(node, 'value', value, status);
    c.deleteTensor(value);
    const oper = c.finishNode(node, status);
    this.context.check('capture a constant');
    this.noteSource({ oper, index: 0 }, 'Const', tensor.dtype, tensor.shape);
    return { oper, index: 0 };
  }

  private capture(tensor: ConcreteTensor): GraphOutput {
    const { c, status } = this.context;
    const handle = c.copyHandle(tensor.handle, status);
    this.context.check('capture a tensor');
    const { holds } = tensor;
    const name =
      holds === undefined ? this.names.next('captured') : this.names.unique(toNodePath(holds.name));
    const output = this.placeholder(tensor.dtype, tensor.shape, name);
    this.captures.push({ handle, output });
    if (holds === undefined) this.noteSource(output, 'Captured', tensor.dtype, [...tensor.shape]);
    else this.noteSource(output, 'Variable', tensor.dtype, [...holds.shape], name);
    return output;
  }

  private placeholder(
    dtype: number,
    shape: readonly number[],
    name = this.names.next('argument'),
  ): GraphOutput {
    const { c } = this.context;
    const node = c.newNode(this.openGraph, 'Placeholder', name);
    c.nodeSetType(node, 'dtype', dtype);
    if (dtype !== DType.resource) c.nodeSetShape(node, 'shape', dims(shape), shape.length);
    const oper = c.finishNode(node, this.context.status);
    this.context.check('add an argument');
    return { oper, index: 0 };
  }

  /** A line without operands in the printed graph. */
  private noteSource(
    output: GraphOutput,
    op: string,
    dtype: number,
    shape: number[],
    name?: string,
  ): SymbolicTensor {
    const tensor = this.symbolic(output, op, dtype, shape);
    const attrs = name === undefined ? [] : [{ name: 'name', type: AttrType.string, value: name }];
    this.lines.push({ op, inputs: [], attrs, outputs: [tensor], after: 0 });
    return tensor;
  }

  private identity(input: GraphOutput, index: number): GraphOutput {
    const { c } = this.context;
    const node = c.newNode(this.openGraph, 'Identity', this.names.unique(`output_${index}`));
    c.nodeAddInput(node, input);
    const oper = c.finishNode(node, this.context.status);
    this.context.check('return a tensor');
    return { oper, index: 0 };
  }

  /** List arguments take their tensors together; a call gives all inputs in one flat list. */
  private addInputs(node: Pointer, inputs: readonly GraphOutput[], def: OpDef): void {
    const { c } = this.context;
    const length = listLength(def, inputs.length);
    let at = 0;
    for (const isList of def.listInputs) {
      if (isList) {
        c.nodeAddInputList(node, inputs.slice(at, at + length), length);
        at += length;
      } else {
        c.nodeAddInput(node, inputs[at++]!);
      }
    }
  }

  /** What an op touches. */
  private effectOf(
    op: string,
    stateful: boolean,
    inputs: readonly NativeTensor[],
    outputs: readonly GraphOutput[],
  ): Effect {
    const resources = inputs.flatMap((input, i) =>
      input.dtype === DType.resource
        ? [{ key: keyOf(outputs[i]!), contents: 'handle' in input ? input.holds : undefined }]
        : [],
    );
    return { op, stateful, resources };
  }

  private describe(
    op: string,
    output: GraphOutput,
    knownShape: readonly number[] | undefined,
  ): SymbolicTensor {
    const { c, status } = this.context;
    const graph = this.openGraph;
    if (knownShape !== undefined) {
      c.setOutputShape(graph, output, dims(knownShape), knownShape.length, status);
      this.context.check(op);
    }
    const dtype = c.outputType(output);
    if (dtype === DType.resource || SCRATCH.has(`${op}:${output.index}`)) {
      return this.symbolic(output, op, dtype, []);
    }
    const rank = c.outputRank(graph, output, status);
    this.context.check(op);
    const shape = new BigInt64Array(Math.max(rank, 1));
    if (rank >= 0) c.outputShape(graph, output, shape, rank, status);
    const sizes = Array.from(shape.subarray(0, Math.max(rank, 0)), Number);
    if (rank < 0 || sizes.some((size) => size < 0)) throw dynamicShape(op, rank, sizes);
    return this.symbolic(output, op, dtype, sizes);
  }

  private symbolic(output: GraphOutput, op: string, dtype: number, shape: number[]): SymbolicTensor {
    return { dtype, shape, output, op, trace: this };
  }
}

/** As TensorFlow refuses it outside of a trace. */
function moreOutputs(op: string, made: number, asked: number): CnnError {
  return new CnnError('INVALID_ARGUMENT', `${op} makes more tensors than were asked for`, {
    op,
    expected: `${made}`,
    received: `${asked}`,
  });
}

function dynamicShape(op: string, rank: number, sizes: readonly number[]): CnnError {
  return new CnnError(
    'TRACE_DYNAMIC_SHAPE',
    `${op} makes a tensor whose shape depends on values, which jit cannot trace`,
    {
      op,
      received: rank < 0 ? 'an unknown rank' : `[${sizes.map((size) => (size < 0 ? '?' : size))}]`,
      hint: 'Compute it outside the traced function, or use an op of fixed shape (tf.where with a mask, tf.topk ...).',
    },
  );
}

function closedTrace(op?: string): CnnError {
  return new CnnError('TRACE_READ', 'a tensor of a traced function was used outside of it', {
    op,
    hint: 'Return it from the function instead of storing it.',
  });
}
