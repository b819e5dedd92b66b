import { CnnError } from '../errors.js';
import type { HostArray } from '../runtime/host-array.js';
import { formatShape, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import { type Axis, elementwise, floatFunction, product, reduction, type TensorSpec } from './infer.js';
import type { SessionState } from './state.js';
import { type GraphDType, type HostValues, type NestedValues, naturalDType, toHostArray } from './values.js';

/** What a node's value is when it is fetched: a number (0 or 1 for a boolean) if it is a scalar, else an array. */
export type Value = number | HostArray;

/** What a node may be combined with; plain values become constants of the node's type. */
export type Operand = Node<Value> | number | NestedValues;

/** The value of an elementwise function of two nodes: an array where either is one. */
export type Elementwise<A, B> = [A] extends [number]
  ? ValueOf<B>
  : [A] extends [HostArray]
    ? HostArray
    : [ValueOf<B>] extends [HostArray]
      ? HostArray
      : Value;

type ValueOf<B> = B extends Node<infer V> ? V : B extends number ? number : HostArray;

/** One run of a session, while its nodes are computed: eagerly or as a trace. */
export interface Run {
  readonly state: SessionState;
  valueOf(node: Node): tf.Tensor;
  /** What was fed for a placeholder. */
  fed(node: Node): tf.Tensor;
}

/** What a node does. */
export interface Kernel {
  /** Whether it takes gradients of its inputs: tfjs then has to record how they are computed. */
  readonly differentiates?: boolean;
  /** Before a run, outside of any trace: makes what has to exist. */
  prepare?(state: SessionState): void;
  /** Its value; undefined for a node that only has effects. */
  compute(run: Run): tf.Tensor | undefined;
  /** After a run, outside of any trace: gets the value. */
  finish?(value: tf.Tensor, state: SessionState): void;
}

/** Where nodes live; implemented by Graph. */
export interface NodeOwner {
  /** Takes a node in, and gives it its number and a name that no other has. */
  adopt(node: GraphNode, name: string): { id: number; name: string };
  /** @throws CnnError INVALID_ARGUMENT where another node has the name */
  rename(node: GraphNode, name: string): string;
}

/** What a node is made from. */
export interface NodeFields extends TensorSpec {
  /** What it computes, for names and messages: `'matMul'`. */
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly GraphNode[];
  readonly kernel: Kernel;
}

/**
 * A place in a {@link Graph}: something that is going to be computed or done. It holds no number; `Session.run` gets one.
 *
 * @typeParam V what fetching it gives
 */
export abstract class GraphNode<V extends Value | undefined = Value | undefined> {
  /** Only for the type checker. */
  declare readonly value: V;
  /** False for an operation that is run for its effect alone. */
  abstract readonly hasValue: boolean;
  /** The graph that it is of. */
  readonly graph: NodeOwner;
  /** Its place in the order in which the graph's nodes were made. */
  readonly id: number;
  /** What it computes, for names and messages: `'matMul'`. */
  readonly op: string;
  /** Undefined where only a run can tell. */
  readonly dtype: TensorSpec['dtype'];
  /** Null for sizes, undefined for a rank, that only a run can tell. */
  readonly shape: Shape | undefined;
  /** @internal */
  readonly kernel: Kernel;
  private readonly ownInputs: readonly GraphNode[];
  private ownName: string;

  /** @internal */
  constructor(graph: NodeOwner, { op, name, inputs, kernel, dtype, shape }: NodeFields) {
    for (const input of inputs) {
      if (input.graph !== graph) {
        throw new CnnError('INVALID_ARGUMENT', `${op}: node "${input.name}" is of another graph`, {
          node: input.name,
        });
      }
    }
    this.graph = graph;
    this.op = op;
    this.dtype = dtype;
    this.shape = shape;
    this.kernel = kernel;
    this.ownInputs = inputs;
    const { id, name: unique } = graph.adopt(this, name ?? op);
    this.id = id;
    this.ownName = unique;
  }

  /** Unique in its graph; used by messages and feeds. */
  get name(): string {
    return this.ownName;
  }

  /** The nodes that it is computed from. */
  get inputs(): readonly GraphNode[] {
    return this.ownInputs;
  }

  /**
   * Gives the node a name of your own.
   *
   * @throws CnnError INVALID_ARGUMENT where another node has it
   * @example const logits = x.matMul(w).add(b).named('logits');
   */
  named(name: string): this {
    this.ownName = this.graph.rename(this, name);
    return this;
  }

  /** What is known before a run: `logits: float32 [null, 10] = add(matMul, b)`. */
  toString(): string {
    const type = this.dtype === undefined ? '' : `: ${this.dtype}`;
    const shape = this.shape === undefined ? '' : ` ${formatShape(this.shape)}`;
    return `${this.name}${type}${shape} = ${this.op}(${this.inputs.map((input) => input.name).join(', ')})`;
  }
}

/** A node that is run for its effect: fetching it gives undefined. */
export class Operation extends GraphNode<undefined> {
  readonly hasValue = false;

  /** @internal */
  constructor(graph: NodeOwner, fields: Omit<NodeFields, keyof TensorSpec>) {
    super(graph, { ...fields, dtype: undefined, shape: undefined });
  }
}

/**
 * A node with a value, which others can be computed from.
 *
 * @typeParam V what fetching it gives: a number, a HostArray, or either where only a run can tell
 */
export class Node<V extends Value = Value> extends GraphNode<V> {
  readonly hasValue = true;

  /** The sum, elementwise with broadcasting. */
  add<B extends Operand>(other: B): Node<Elementwise<V, B>> {
    return this.combine('add', tf.add, other);
  }

  /** The difference, elementwise with broadcasting. */
  sub<B extends Operand>(other: B): Node<Elementwise<V, B>> {
    return this.combine('sub', tf.sub, other);
  }

  /** The product of elements, with broadcasting; for matrices there is `matMul`. */
  mul<B extends Operand>(other: B): Node<Elementwise<V, B>> {
    return this.combine('mul', tf.mul, other);
  }

  /** The quotient, elementwise with broadcasting. */
  div<B extends Operand>(other: B): Node<Elementwise<V, B>> {
    return this.combine('div', tf.div, other);
  }

  /** Where elements are equal: bool. */
  equal<B extends Operand>(other: B): Node<Elementwise<V, B>> {
    return this.combine('equal', tf.equal, other, 'bool');
  }

  /** The product of matrices: [..., m, k] and [..., k, n] to [..., m, n]. @throws CnnError SHAPE_MISMATCH */
  matMul(other: Node | NestedValues): Node<HostArray> {
    const right = asNode(this, other);
    return operation(this.graph, 'matMul', [this, right], (a, b) => tf.matMul(a!, b!), product);
  }

  /** The sum of all elements. */
  reduceSum(): Node<number>;
  /** The sum over an axis or some axes; with `keepDims` these remain, of size 1. */
  reduceSum(axis: Axis, options?: { keepDims?: boolean }): Node<Value>;
  reduceSum(axis?: Axis, { keepDims = false }: { keepDims?: boolean } = {}): Node<Value> {
    const sum = (x: tf.Tensor) => tf.sum(x, axis as number[], keepDims);
    return operation(this.graph, 'reduceSum', [this], sum, reduction('reduceSum', { axis, keepDims }));
  }

  /** The mean over an axis, some axes, or all elements: float32. */
  mean(): Node<number>;
  mean(axis: Axis): Node<Value>;
  mean(axis?: Axis): Node<Value> {
    const mean = (x: tf.Tensor) => tf.mean(x, axis as number[]);
    return operation(this.graph, 'mean', [this], mean, reduction('mean', { axis, dtype: 'float32' }));
  }

  /** The place of the largest element along an axis: int32. Default: the last axis. */
  argMax(axis = -1): Node<Value> {
    const infer = reduction('argMax', { axis, dtype: 'int32' });
    return operation(this.graph, 'argMax', [this], (x) => tf.argMax(x, axis), infer);
  }

  /** The same values in another type; float32 to int32 cuts decimals off, booleans become 0 and 1. */
  cast(dtype: GraphDType): Node<V> {
    return operation(
      this.graph,
      'cast',
      [this],
      (x) => tf.cast(x, dtype),
      ({ shape }) => ({ dtype, shape }),
    );
  }

  /** Softmax over the last axis: exp(x) / sum(exp(x)). */
  softmax(): Node<V> {
    return this.map('softmax', (x) => tf.softmax(x));
  }

  /** The natural logarithm. */
  log(): Node<V> {
    return this.map('log', tf.log);
  }

  /** e to the power of each element. */
  exp(): Node<V> {
    return this.map('exp', tf.exp);
  }

  /** Minus each element. */
  neg(): Node<V> {
    return this.map('neg', tf.neg);
  }

  /** Each element times itself. */
  square(): Node<V> {
    return this.map('square', tf.square);
  }

  /** 1 / (1 + exp(-x)). */
  sigmoid(): Node<V> {
    return this.map('sigmoid', tf.sigmoid);
  }

  /** max(x, 0). */
  relu(): Node<V> {
    return this.map('relu', tf.relu);
  }

  private map(op: string, fn: (x: tf.Tensor) => tf.Tensor): Node<V> {
    return operation(this.graph, op, [this], (x) => fn(x), floatFunction(op));
  }

  private combine<R extends Value>(
    op: string,
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
    other: Operand,
    dtype?: GraphDType,
  ): Node<R> {
    const right = asNode(this, other);
    return operation(this.graph, op, [this, right], (a, b) => fn(a, b), elementwise(op, dtype));
  }
}

/**
 * A node that is a function of the values of others.
 *
 * @param infer what is known of the result, from what is known of the inputs; asked again when they are computed
 */
export function operation<V extends Value, const I extends readonly Node[]>(
  graph: NodeOwner,
  op: string,
  inputs: I,
  fn: (...inputs: Each<I, tf.Tensor>) => tf.Tensor,
  infer: (...inputs: Each<I, TensorSpec>) => TensorSpec,
): Node<V> {
  const compute = (run: Run) => {
    const tensors = inputs.map((input) => run.valueOf(input)) as Each<I, tf.Tensor>;
    infer(...(tensors as Each<I, TensorSpec>));
    return fn(...tensors);
  };
  return new Node<V>(graph, {
    op,
    inputs,
    kernel: { compute },
    ...infer(...(inputs as Each<I, TensorSpec>)),
  });
}

/** As many values of a type as a list has entries. */
type Each<I extends readonly unknown[], T> = { -readonly [K in keyof I]: T };

/** A node whose value is always the same. */
export function constantNode<V extends Value>(
  graph: NodeOwner,
  values: HostValues,
  {
    dtype = naturalDType(values),
    shape,
    name,
  }: { dtype?: GraphDType; shape?: readonly number[]; name?: string } = {},
): Node<V> {
  const array = toHostArray(name === undefined ? 'a constant' : `constant "${name}"`, values, dtype, shape);
  const kernel = { compute: () => array.toTensor() };
  return new Node<V>(graph, { op: 'constant', name, inputs: [], kernel, dtype, shape: array.shape });
}

/** An operand as a node; plain numbers take the type of the node that they are combined with, where they fit. */
function asNode(like: Node, operand: Operand): Node {
  if (operand instanceof Node) return operand;
  const isWhole = like.dtype === 'int32' && ([operand] as unknown[]).flat(8).every(Number.isInteger);
  return constantNode(like.graph, operand, isWhole ? { dtype: 'int32' } : {});
}
