import { CnnError } from '../errors.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import type * as tf from '../tf.js';
import { ancestors } from './gradient-nodes.js';
import type { GraphNode, Run } from './node.js';
import type { SessionState } from './state.js';
import { withTape } from './tape.js';

/** All nodes that some fetches need, in the order in which they are computed: that in which they were made. */
export function neededFor(fetches: readonly GraphNode[]): GraphNode[] {
  return [...ancestors(fetches)].sort((a, b) => a.id - b.id);
}

/** Some fetches with all that they need, as one function: compiled once for the shapes of the feeds. */
export class Program {
  readonly run: JitFunction<[feeds: tf.Tensor[]], tf.Tensor[]>;
  private readonly fetches: readonly GraphNode[];
  private readonly needed: readonly GraphNode[];
  private readonly placeholders: readonly GraphNode[];
  private readonly state: SessionState;

  /**
   * @param fetches those that have a value, whose values come first in the result
   * @param placeholders in the order of the feeds
   */
  constructor(
    fetches: readonly GraphNode[],
    needed: readonly GraphNode[],
    placeholders: readonly GraphNode[],
    state: SessionState,
  ) {
    this.fetches = fetches;
    this.needed = needed;
    this.placeholders = placeholders;
    this.state = state;
    this.run = jit((feeds) => this.compute(feeds), { name: 'session', simplify: false });
  }

  /** Nodes that take their values in after a run; their values follow those of the fetches. */
  get finishing(): GraphNode[] {
    return this.needed.filter(({ kernel }) => kernel.finish !== undefined);
  }

  private compute(feeds: readonly tf.Tensor[]): tf.Tensor[] {
    const values = new Map<GraphNode, tf.Tensor>();
    const run: Run = {
      state: this.state,
      valueOf: (node) => values.get(node)!,
      fed: (node) => feeds[this.placeholders.indexOf(node)]!,
    };
    const computeAll = () => {
      for (const node of this.needed) {
        const value = within(node, () => node.kernel.compute(run));
        if (value !== undefined) values.set(node, value);
      }
    };
    const order = gradientOrder(this.needed);
    if (order > 0) withTape(order, computeAll);
    else computeAll();
    // Copies, since a value can be a feed's own, or be fetched twice.
    return [...this.fetches, ...this.finishing].map((node) => values.get(node)!.clone());
  }
}

/** How often gradients are taken of gradients, at the most; 0 where there are none. */
function gradientOrder(needed: readonly GraphNode[]): number {
  const orders = new Map<GraphNode, number>();
  for (const node of needed) {
    const below = Math.max(0, ...node.inputs.map((input) => orders.get(input) ?? 0));
    orders.set(node, below + (node.kernel.differentiates === true ? 1 : 0));
  }
  return Math.max(0, ...orders.values());
}

/** Says which node an error comes from. */
export function within<T>(node: GraphNode, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof CnnError) throw error.within(`node "${node.name}"`, { node: node.name });
    const message = error instanceof Error ? error.message : String(error);
    throw new CnnError('INVALID_ARGUMENT', `node "${node.name}" cannot be computed: ${message}`, {
      node: node.name,
      cause: error,
    });
  }
}
