import type { DataType } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import { softmaxCrossEntropy } from '../ops/softmax-cross-entropy.js';
import type { HostArray } from '../runtime/host-array.js';
import { randomSeed } from '../runtime/random.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { gradientNodes, trainingNode } from './gradient-nodes.js';
import { elementwise } from './infer.js';
import {
  constantNode,
  type GraphNode,
  Node,
  type NodeOwner,
  Operation,
  operation,
  type Value,
} from './node.js';
import type { TrainingRule } from './state.js';
import type { GraphDType, HostValues } from './values.js';
import { VariableNode } from './variable-node.js';

/** What fetching a node of this shape gives. */
type ValueOfShape<S> = S extends readonly []
  ? number
  : S extends readonly [unknown, ...unknown[]]
    ? HostArray
    : Value;

/** What fetching a constant of these values gives. */
type ValueOfConstant<T> = T extends number | boolean ? number : HostArray;

/** The gradients of some nodes, each of its node's own kind. */
type GradientsOf<X extends readonly Node[]> = {
  -readonly [K in keyof X]: X[K] extends Node<infer V> ? Node<V> : never;
};

/** What a placeholder takes. */
export interface PlaceholderOptions<S> {
  /** Name, for feeds and messages. Default: `'placeholder'`, numbered. */
  name?: string;
  /** Default: `'float32'`. */
  dtype?: GraphDType;
  /** Null for a size that each feed may choose: `[null, 784]`. Default: any shape. */
  shape?: S;
}

/** The distribution of `truncatedNormal`. */
export interface TruncatedNormalOptions {
  /** Default: 0. */
  mean?: number;
  /** Standard deviation before the cut. Default: 1. */
  stddev?: number;
  /** A whole number from 0 to 2^31 - 1. Default: from `setRandomSeed`, else random. */
  seed?: number;
}

/**
 * A computation that is described first and run later, as in TensorFlow 1: nodes for constants, for values to come
 * (placeholders), for values that stay (variables), and for what is computed from them. A {@link Session} runs it, as
 * one compiled TensorFlow function for everything that is asked for at once.
 *
 * Shapes and types are checked when nodes are made, as far as they are known then, and the rest when they run.
 *
 * @example
 * const graph = new Graph();
 * const x = graph.placeholder({ name: 'x', shape: [2] });
 * const neuron = x.mul([1, 2]).reduceSum().add(0).sigmoid();
 * const session = new Session(graph);
 * await session.run(neuron, { x: [0.5, -0.25] }); // 0.5
 */
export class Graph implements NodeOwner {
  private readonly named = new Map<string, GraphNode>();
  private count = 0;
  private readonly allVariables: VariableNode<Value>[] = [];
  /** Gives every variable its first value, and lets optimizers start anew. */
  readonly initializer: Operation;

  constructor() {
    const variables = this.allVariables;
    this.initializer = new (class extends Operation {
      // Variables made after this node count too.
      override get inputs() {
        return variables.map((variable) => variable.initializer);
      }
    })(this, {
      op: 'initialize',
      name: 'initializer',
      inputs: [],
      kernel: { prepare: (state) => state.resetOptimizers(), compute: () => undefined },
    });
  }

  /** All nodes, in the order in which they were made. */
  get nodes(): GraphNode[] {
    return [...this.named.values()].sort((a, b) => a.id - b.id);
  }

  /** All variables, in the order in which they were made. */
  get variables(): readonly VariableNode[] {
    return this.allVariables;
  }

  /** The node of a name, if there is one. */
  find(name: string): GraphNode | undefined {
    return this.named.get(name);
  }

  /**
   * Values that never change: a number (rank 0), an array (rank 1), arrays in an array (rank 2), and so on.
   *
   * @param options.dtype default: float32 for numbers, bool for booleans, what a typed array holds
   * @param options.shape for a flat typed array; default: `[length]`
   * @throws CnnError SHAPE_MISMATCH for ragged arrays, DTYPE_MISMATCH
   * @example graph.constant([[1, 2], [3, 4]]).shape; // [2, 2]
   */
  constant<const T extends HostValues>(
    values: T,
    options: { dtype?: GraphDType; shape?: readonly number[]; name?: string } = {},
  ): Node<ValueOfConstant<T>> {
    return constantNode(this, values, options);
  }

  /** A constant of zeros, float32. */
  zeros<const S extends readonly number[]>(
    shape: S,
    { name }: { name?: string } = {},
  ): Node<ValueOfShape<S>> {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return constantNode(this, new Float32Array(size), { shape, name });
  }

  /**
   * A value that each run is given.
   *
   * @example const x = graph.placeholder({ name: 'x', shape: [null, 784] });
   */
  placeholder<const S extends Shape | undefined = undefined>({
    name = 'placeholder',
    dtype = 'float32',
    shape,
  }: PlaceholderOptions<S> = {}): Node<ValueOfShape<S>> {
    const node: Node<ValueOfShape<S>> = new Node<ValueOfShape<S>>(this, {
      op: 'placeholder',
      name,
      inputs: [],
      kernel: { compute: (run) => run.fed(node) },
      dtype,
      shape,
    });
    return node;
  }

  /**
   * A value that stays from run to run, and that optimizers and `assign` change. Run {@link initializer}, or its own,
   * before using it.
   *
   * @param initial its first value
   * @param options.trainable whether `minimize` changes it unless told otherwise. Default: true
   * @example const w = graph.variable(graph.truncatedNormal([784, 10], { stddev: 0.1 }), { name: 'W' });
   */
  variable<V extends Value>(
    initial: Node<V>,
    options?: { name?: string; trainable?: boolean },
  ): VariableNode<V>;
  variable<const T extends HostValues>(
    initial: T,
    options?: { name?: string; trainable?: boolean },
  ): VariableNode<ValueOfConstant<T>>;
  variable(initial: Node | HostValues, options: { name?: string; trainable?: boolean } = {}): VariableNode {
    const first = initial instanceof Node ? initial : constantNode<Value>(this, initial);
    const variable = new VariableNode(this, first, options);
    this.allVariables.push(variable);
    return variable;
  }

  /** Normal random numbers, redrawn where further than two standard deviations from the mean; new at each run. */
  truncatedNormal<const S extends readonly number[]>(
    shape: S,
    { mean = 0, stddev = 1, seed = randomSeed() }: TruncatedNormalOptions = {},
  ): Node<ValueOfShape<S>> {
    const key = {};
    return new Node<ValueOfShape<S>>(this, {
      op: 'truncatedNormal',
      inputs: [],
      kernel: {
        prepare: (state) => void state.generator(key, seed),
        compute: ({ state }) => state.generator(key, seed).truncatedNormal([...shape], mean, stddev),
      },
      dtype: 'float32',
      shape,
    });
  }

  /**
   * Cross-entropy between distributions and the softmax of logits, stable for logits of any size.
   *
   * @param of two nodes of one shape
   * @param of.labels float32 [n, classes], each row a distribution
   * @param of.logits float32 [n, classes]
   * @returns float32 [n]
   */
  softmaxCrossEntropyWithLogits({ labels, logits }: { labels: Node; logits: Node }): Node<HostArray> {
    const op = 'softmaxCrossEntropyWithLogits';
    const shapes = elementwise(op, 'float32');
    return operation(this, op, [labels, logits], softmaxCrossEntropy, (...inputs) => {
      const { dtype, shape } = shapes(...inputs);
      return { dtype, shape: shape?.slice(0, -1) };
    });
  }

  /**
   * Any function of tensors as a node: everything that tfjs can do.
   *
   * @param fn traced: see `jit` for what it may do
   * @param options what is known of the result
   * @example const norm = graph.op((v) => tf.norm(v), [x], { name: 'norm', shape: [] });
   */
  op<const S extends Shape | undefined = undefined>(
    fn: (...inputs: tf.Tensor[]) => tf.Tensor,
    inputs: readonly Node[],
    { name = fn.name || 'op', dtype, shape }: { name?: string; dtype?: DataType; shape?: S } = {},
  ): Node<ValueOfShape<S>> {
    return operation(
      this,
      name,
      inputs,
      (...tensors) => checked(name, fn(...tensors)),
      () => ({ dtype, shape }),
    );
  }

  /**
   * The gradients of y (of the sum of its elements) by each x. They are nodes: gradients of gradients work.
   *
   * @throws CnnError INVALID_ARGUMENT for an x that y does not depend on; DTYPE_MISMATCH for other than float32
   * @example const [dw, db] = graph.gradients(loss, [w, b]);
   */
  gradients<const X extends readonly Node[]>(y: Node, xs: X): GradientsOf<X> {
    return gradientNodes(y, xs) as GradientsOf<X>;
  }

  /**
   * An operation that makes one step of an optimizer at each run.
   *
   * @param optimizer of this package; it keeps its state for one session at a time
   * @param options which variables
   * @param options.variables what to change. Default: all trainable variables that the loss depends on
   * @throws CnnError INVALID_ARGUMENT where there are none
   * @example const train = graph.minimize(loss, optimizers.sgd({ learningRate: 0.5 }));
   */
  minimize(
    loss: Node,
    optimizer: TrainingRule,
    { variables }: { variables?: readonly VariableNode[] } = {},
  ): Operation {
    return trainingNode(loss, optimizer, variables);
  }

  /** One node a line, in order. */
  toString(): string {
    return this.nodes.join('\n');
  }

  /** @internal */
  adopt(node: GraphNode, wanted: string): { id: number; name: string } {
    let name = wanted;
    for (let number = 1; this.named.has(name); number++) name = `${wanted}_${number}`;
    this.named.set(name, node);
    return { id: this.count++, name };
  }

  /** @internal */
  rename(node: GraphNode, name: string): string {
    if ((this.named.get(name) ?? node) !== node) {
      throw new CnnError('INVALID_ARGUMENT', `another node is called "${name}"`, { node: name });
    }
    this.named.delete(node.name);
    this.named.set(name, node);
    return name;
  }
}

function checked(name: string, result: unknown): tf.Tensor {
  if (result instanceof tf.Tensor) return result;
  throw new CnnError('INVALID_ARGUMENT', `node "${name}": its function has to return one tensor`, {
    node: name,
    expected: 'a tensor',
    received: Array.isArray(result) ? 'an array' : typeof result,
  });
}
