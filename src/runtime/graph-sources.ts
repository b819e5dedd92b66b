import { DType, type GraphOutput, type Pointer } from './capi.js';
import type { NativeContext } from './context.js';
import { type ConcreteTensor, dims, elementCount, type Handles } from './handles.js';
import { type NodeNames, toNodePath } from './node-name.js';

/** How tensors from outside get into a graph. */
export interface SourceOptions {
  /** Tensors of more elements are arguments of the function instead of constants in it. */
  readonly maxConstantElements: number;
  /** Whether equal constants are one node. */
  readonly merges: boolean;
}

/** Hears of each node that is made. @param name of a variable */
export type NoteSource = (
  output: GraphOutput,
  op: string,
  dtype: number,
  shape: readonly number[],
  name?: string,
) => void;

/** What a graph begins with: nodes without operands, made for arguments and for tensors from outside. */
export class GraphSources {
  /** The function's own arguments, in order. */
  readonly arguments: GraphOutput[] = [];
  /** Arguments after those, and what is passed for them in every call. */
  readonly captures: { readonly handle: Pointer; readonly output: GraphOutput }[] = [];
  private readonly captured = new Map<number, GraphOutput>();
  /** By their contents. */
  private readonly constants = new Map<string, GraphOutput>();

  constructor(
    private readonly context: NativeContext,
    private readonly graph: Pointer,
    private readonly handles: Handles,
    private readonly names: NodeNames,
    private readonly options: SourceOptions,
    private readonly note: NoteSource,
  ) {}

  /** One more argument of the function. */
  addArgument(dtype: number, shape: readonly number[]): GraphOutput {
    const output = this.placeholder(dtype, shape, this.names.next('argument'));
    this.arguments.push(output);
    this.note(output, 'Argument', dtype, shape);
    return output;
  }

  /** Whether the graph has a source for a tensor from outside. */
  has(id: number): boolean {
    return this.captured.has(id);
  }

  /** The source for a tensor from outside: a constant where it is small, else a capture. */
  of(id: number, tensor: ConcreteTensor): GraphOutput {
    let output = this.captured.get(id);
    if (output === undefined) {
      const { maxConstantElements } = this.options;
      const isSmall = tensor.dtype !== DType.resource && elementCount(tensor.shape) <= maxConstantElements;
      output = isSmall ? this.constantOf(id, tensor) : this.capture(tensor);
      this.captured.set(id, output);
    }
    return output;
  }

  /** Lets the captured tensors go, which are else the finished function's. */
  release(): void {
    for (const { handle } of this.captures) this.context.c.deleteHandle(handle);
  }

  private constantOf(id: number, tensor: ConcreteTensor): GraphOutput {
    if (!this.options.merges || tensor.dtype === DType.string) return this.constant(tensor);
    const { buffer } = this.handles.read(id) as NodeJS.TypedArray;
    const key = `${tensor.dtype}[${tensor.shape}] ${Buffer.from(buffer).toString('base64')}`;
    const output = this.constants.get(key) ?? this.constant(tensor);
    this.constants.set(key, output);
    return output;
  }

  private constant(tensor: ConcreteTensor): GraphOutput {
    const { c, status } = this.context;
    const node = c.newNode(this.graph, 'Const', this.names.next('constant'));
    const value = c.resolveHandle(tensor.handle, status);
    this.context.check('capture a constant');
    c.nodeSetType(node, 'dtype', tensor.dtype);
    c.nodeSetTensor(node, 'value', value, status);
    c.deleteTensor(value);
    const oper = c.finishNode(node, status);
    this.context.check('capture a constant');
    const output = { oper, index: 0 };
    this.note(output, 'Const', tensor.dtype, tensor.shape);
    return output;
  }

  private capture(tensor: ConcreteTensor): GraphOutput {
    const { c, status } = this.context;
    const handle = c.copyHandle(tensor.handle, status);
    this.context.check('capture a tensor');
    const { dtype, shape, holds } = tensor;
    const name =
      holds === undefined ? this.names.next('captured') : this.names.unique(toNodePath(holds.name));
    const output = this.placeholder(dtype, shape, name);
    this.captures.push({ handle, output });
    if (holds === undefined) this.note(output, 'Captured', dtype, shape);
    else this.note(output, 'Variable', dtype, holds.shape, name);
    return output;
  }

  private placeholder(dtype: number, shape: readonly number[], name: string): GraphOutput {
    const { c } = this.context;
    const node = c.newNode(this.graph, 'Placeholder', name);
    c.nodeSetType(node, 'dtype', dtype);
    if (dtype !== DType.resource) c.nodeSetShape(node, 'shape', dims(shape), shape.length);
    const oper = c.finishNode(node, this.context.status);
    this.context.check('add an argument');
    return { oper, index: 0 };
  }
}
