import { CnnError } from '../errors.js';
import { AttrType, nodeAttributes, type OpAttr } from './attributes.js';
import { DType, type GraphOutput, type Pointer, takeBuffer } from './capi.js';
import { listLength } from './check-call.js';
import type { NativeContext } from './context.js';
import { type Effect, Effects } from './effects.js';
import { GraphSources, type NoteSource } from './graph-sources.js';
import { keyOf, type Line, printGraph } from './graph-text.js';
import {
  type ConcreteTensor,
  type Contents,
  dims,
  type Handles,
  type NativeTensor,
  type SymbolicTensor,
  type TensorMetadata,
} from './handles.js';
import { NodeNames } from './node-name.js';
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
  private readonly setAttribute: (node: Pointer, attr: OpAttr) => void;
  private graph: Pointer | undefined;
  private readonly names = new NodeNames();
  private readonly sources: GraphSources;
  private readonly effects = new Effects();
  private awaited: Pointer | undefined;
  private readonly lines: Line[] = [];
  /** Whether the graph is to be made small, not to show each op that was asked for. */
  private readonly simplifies: boolean;
  /** Operands of what was computed while tracing. */
  private readonly folded = new Set<number>();
  /** Results of pure ops, by op, attributes and operands. */
  private readonly computed = new Map<string, readonly SymbolicTensor[]>();

  constructor(
    context: NativeContext,
    handles: Handles,
    opDefs: OpDefs,
    { maxConstantElements = MAX_CONSTANT_ELEMENTS, simplify = false }: TraceOptions = {},
  ) {
    this.context = context;
    this.handles = handles;
    this.opDefs = opDefs;
    this.simplifies = simplify;
    this.setAttribute = nodeAttributes(context);
    const graph = context.c.newGraph();
    this.graph = graph;
    const options = { maxConstantElements, merges: simplify };
    this.sources = new GraphSources(context, graph, handles, this.names, options, (...source) =>
      this.noteSource(...source),
    );
  }

  get isOpen(): boolean {
    return this.graph !== undefined;
  }

  /** An argument of the function being traced. */
  addArgument(dtype: number, shape: readonly number[]): TensorMetadata {
    const output = this.openSources.addArgument(dtype, shape);
    return this.handles.add(this.symbolic(output, 'Argument', dtype, [...shape]));
  }

  /** Whether what the traced function computes rests on the value that a tensor from outside has now. */
  hasCaptured(id: number): boolean {
    return this.sources.has(id) || this.folded.has(id);
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
    const { sources } = this;
    const inputs = [...sources.arguments, ...sources.captures.map((capture) => capture.output)];
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
      captures: sources.captures.map((capture) => capture.handle),
    };
  }

  /** Gives the graph up. */
  abandon(): void {
    this.sources.release();
    this.close();
  }

  /** What has to be given to the graph beside its own arguments: captured tensors that are not its constants. */
  get captureCount(): number {
    return this.sources.captures.length;
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

  private get openSources(): GraphSources {
    if (!this.isOpen) throw closedTrace();
    return this.sources;
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
    return this.openSources.of(id, tensor);
  }

  /** A line without operands in the printed graph. */
  private noteSource(...[output, op, dtype, shape, name]: Parameters<NoteSource>): void {
    const outputs = [this.symbolic(output, op, dtype, [...shape])];
    const attrs = name === undefined ? [] : [{ name: 'name', type: AttrType.string, value: name }];
    this.lines.push({ op, inputs: [], attrs, outputs, after: 0 });
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
