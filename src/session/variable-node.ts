import type * as tf from '../tf.js';
import { constantNode, Node, type NodeOwner, type Operand, Operation, type Run, type Value } from './node.js';

/** A node that keeps its value between the runs of a session. Until its initializer has run it has none. */
export class VariableNode<V extends Value = Value> extends Node<V> {
  /** Whether `minimize` changes it unless told otherwise. */
  readonly trainable: boolean;
  /** Gives it its first value, again at each run. */
  readonly initializer: Operation;

  constructor(graph: NodeOwner, initial: Node<V>, { name = 'variable', trainable = true } = {}) {
    const { dtype, shape } = initial;
    super(graph, {
      op: 'variable',
      name,
      inputs: [],
      kernel: {
        prepare: (state) => void state.variable(this),
        compute: ({ state }) => state.variable(this).read(),
      },
      dtype,
      shape,
    });
    this.trainable = trainable;
    this.initializer = new Operation(graph, {
      op: 'initialize',
      name: `${this.name}/initialize`,
      inputs: [initial],
      kernel: {
        compute: (run) => run.valueOf(initial),
        finish: (value, state) => state.initialize(this, value),
      },
    });
  }

  /** Gives it a value. Fetched, or used by other nodes, it is the new value. */
  assign(value: Operand): Node<V> {
    return this.change('assign', value, (run, to) => run.state.variable(this).assign(to));
  }

  /** Adds to its value. Fetched, or used by other nodes, it is the new value. */
  assignAdd(value: Operand): Node<V> {
    return this.change('assignAdd', value, (run, by) => run.state.variable(this).assignAdd(by));
  }

  /** Takes from its value. Fetched, or used by other nodes, it is the new value. */
  assignSub(value: Operand): Node<V> {
    return this.change('assignSub', value, (run, by) => run.state.variable(this).assignSub(by));
  }

  private change(op: string, value: Operand, apply: (run: Run, value: tf.Tensor) => void): Node<V> {
    const input = value instanceof Node ? value : constantNode<Value>(this.graph, value, this.constantType);
    return new Node<V>(this.graph, {
      op,
      inputs: [this, input],
      kernel: {
        compute: (run) => {
          apply(run, run.valueOf(input));
          return run.state.variable(this).read();
        },
      },
      dtype: this.dtype,
      shape: this.shape,
    });
  }

  private get constantType() {
    const { dtype } = this;
    return dtype === 'float32' || dtype === 'int32' || dtype === 'bool' ? { dtype } : {};
  }
}
