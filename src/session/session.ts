import { CnnError } from '../errors.js';
import { ready } from '../runtime/backend.js';
import { HostArray } from '../runtime/host-array.js';
import type { TraceDescription } from '../runtime/jit.js';
import { unknownName } from '../suggest.js';
import * as tf from '../tf.js';
import type { Graph } from './graph.js';
import { GraphNode, type Node, type Value } from './node.js';
import { neededFor, Program } from './program.js';
import { SessionState } from './state.js';
import { type GraphDType, type HostValues, toFeed } from './values.js';

/** What to compute: a node, or arrays and objects of nodes, to any depth. */
export type Fetches = GraphNode | readonly Fetches[] | { readonly [name: string]: Fetches };

/** What fetches give: the same structure, with a number or a HostArray for each node, undefined for an operation. */
export type Fetched<F> = Fetches extends F
  ? unknown
  : F extends GraphNode<infer V>
    ? V
    : { -readonly [K in keyof F]: Fetched<F[K]> };

/** A value for a placeholder. Tensors remain the caller's. */
export type FeedValue = HostValues | tf.Tensor;

/** Values for placeholders: by name (a batch of a data set is fed to those called x and y), or as pairs (a Map). */
export type Feeds = Readonly<Record<string, FeedValue>> | Iterable<readonly [Node, FeedValue]>;

/**
 * Runs a {@link Graph}, and keeps the values of its variables. Everything asked for in one run is computed by one
 * compiled TensorFlow function, once for all fetches together, and off the main thread.
 *
 * What a run does is fixed: a variable is read once, before anything changes it; then nodes are computed in the order
 * in which they were made. To see a variable after a training step, fetch it in a run of its own (or fetch an
 * `assign`, whose value is the new one). Runs that are started at once happen one after the other.
 *
 * @example
 * const session = new Session(graph);
 * await session.run(graph.initializer);
 * const [cost] = await session.run([loss, train], { x: images, y: labels });
 * await session.close();
 */
export class Session {
  /** What it runs. */
  readonly graph: Graph;
  private readonly state = new SessionState(() => this.forgetPrograms());
  private readonly programs = new Map<string, Program>();
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /**
   * Computes nodes.
   *
   * @param fetches a node, or an array or object of nodes; the result has the same structure
   * @param feeds values for the placeholders that the fetches need
   * @throws CnnError MISSING_FEED; UNKNOWN_NAME for a feed that is no placeholder; SHAPE_MISMATCH, DTYPE_MISMATCH
   *   naming the placeholder or node; NOT_INITIALIZED naming the variable; DISPOSED after `close`; INVALID_ARGUMENT
   */
  run<const F extends Fetches>(fetches: F, feeds: Feeds = {}): Promise<Fetched<F>> {
    const result = this.afterOthers(() =>
      this.execute(fetches, feeds, (...run) => this.values(fetches, ...run)),
    );
    return result as Promise<Fetched<F>>;
  }

  /**
   * The TensorFlow graph that a run of these fetches is, without running it: as text, or as GraphDef bytes.
   *
   * @throws CnnError as `run`; UNSUPPORTED on other backends than libtensorflow
   * @example console.log(String(await session.trace(loss, { x: images, y: labels })));
   */
  async trace(fetches: Fetches, feeds: Feeds = {}): Promise<TraceDescription> {
    return this.afterOthers(() =>
      this.execute(fetches, feeds, async (program, tensors) => program.run.trace(tensors)),
    );
  }

  /** Releases the variables and all compiled functions, when runs that are under way have ended. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.last;
    this.forgetPrograms();
    this.state.dispose();
  }

  /** One run at a time: they share variables. */
  private async afterOthers<T>(body: () => Promise<T>): Promise<T> {
    if (this.isClosed) {
      throw new CnnError('DISPOSED', 'the session is closed', {
        hint: 'Make a new one: new Session(graph).',
      });
    }
    const result = this.last.then(() => ready()).then(body);
    this.last = result.catch(() => {});
    return result;
  }

  private async execute<T>(
    fetches: Fetches,
    feeds: Feeds,
    use: (program: Program, tensors: tf.Tensor[], nodes: GraphNode[]) => Promise<T>,
  ): Promise<T> {
    const fetched = nodesIn(fetches);
    for (const node of fetched) this.checkOwn(node);
    const needed = neededFor(fetched);
    const placeholders = needed.filter(({ op }) => op === 'placeholder');
    const given = this.readFeeds(feeds);
    for (const node of needed) node.kernel.prepare?.(this.state);
    const made: tf.Tensor[] = [];
    try {
      const tensors = placeholders.map((node) => {
        const value = feedOf(node, given);
        const tensor = toFeed(`placeholder "${node.name}"`, value, node.dtype as GraphDType, node.shape);
        if (tensor !== value) made.push(tensor);
        return tensor;
      });
      const nodes = fetched.filter((node) => node.hasValue);
      return await use(this.programFor(nodes, needed, placeholders), tensors, nodes);
    } finally {
      tf.dispose(made);
    }
  }

  /** Runs a program, and gives its values in the structure of the fetches. */
  private async values(
    fetches: Fetches,
    program: Program,
    tensors: tf.Tensor[],
    nodes: GraphNode[],
  ): Promise<unknown> {
    const outputs = await program.run.async(tensors);
    try {
      const values = new Map(nodes.map((node, i) => [node, hostValue(outputs[i]!)]));
      for (const [i, node] of program.finishing.entries()) {
        node.kernel.finish!(outputs[nodes.length + i]!, this.state);
      }
      return replaceNodes(fetches, (node) => values.get(node));
    } finally {
      tf.dispose(outputs);
    }
  }

  private programFor(nodes: GraphNode[], needed: GraphNode[], placeholders: GraphNode[]): Program {
    const idsOf = (list: GraphNode[]) => list.map(({ id }) => id).join();
    const key = `${idsOf(nodes)} of ${idsOf(needed)}`;
    let program = this.programs.get(key);
    if (program === undefined) {
      program = new Program(nodes, needed, placeholders, this.state);
      this.programs.set(key, program);
    }
    return program;
  }

  private forgetPrograms(): void {
    for (const program of this.programs.values()) program.run.dispose();
    this.programs.clear();
  }

  private readFeeds(feeds: Feeds): Map<GraphNode, FeedValue> {
    const entries: Iterable<readonly [GraphNode, FeedValue]> = isPairs(feeds)
      ? feeds
      : Object.entries(feeds).map(([name, value]) => [this.placeholderNamed(name), value]);
    const given = new Map(entries);
    for (const node of given.keys()) {
      this.checkOwn(node);
      if (node.op === 'placeholder') continue;
      throw new CnnError('INVALID_ARGUMENT', `"${node.name}" cannot be fed: it is not a placeholder`, {
        node: node.name,
      });
    }
    return given;
  }

  private placeholderNamed(name: string): GraphNode {
    const node = this.graph.find(name);
    if (node !== undefined) return node;
    const known = this.graph.nodes.filter(({ op }) => op === 'placeholder').map((each) => each.name);
    throw unknownName('placeholder', name, known);
  }

  private checkOwn(node: GraphNode): void {
    if (node.graph === this.graph) return;
    throw new CnnError('INVALID_ARGUMENT', `node "${node.name}" is not of this session's graph`, {
      node: node.name,
    });
  }
}

function isPairs(feeds: Feeds): feeds is Iterable<readonly [Node, FeedValue]> {
  return Symbol.iterator in feeds;
}

function feedOf(node: GraphNode, given: ReadonlyMap<GraphNode, FeedValue>): FeedValue {
  const value = given.get(node);
  if (value !== undefined) return value;
  throw new CnnError('MISSING_FEED', `placeholder "${node.name}" was not fed`, {
    placeholder: node.name,
    hint: `Give it a value: session.run(fetches, { ${node.name}: ... }).`,
  });
}

function nodesIn(fetches: Fetches): GraphNode[] {
  const found = new Set<GraphNode>();
  replaceNodes(fetches, (node) => void found.add(node));
  return [...found];
}

function replaceNodes(fetches: Fetches, replace: (node: GraphNode) => unknown): unknown {
  if (fetches instanceof GraphNode) return replace(fetches);
  if (Array.isArray(fetches)) return fetches.map((each) => replaceNodes(each, replace));
  if (typeof fetches !== 'object' || fetches === null) {
    throw new CnnError('INVALID_ARGUMENT', 'only nodes can be fetched', {
      expected: 'a node, or arrays or objects of nodes',
      received: String(fetches),
    });
  }
  return Object.fromEntries(
    Object.entries(fetches).map(([name, each]) => [name, replaceNodes(each, replace)]),
  );
}

function hostValue(tensor: tf.Tensor): Value {
  const array = HostArray.fromSync(tensor);
  return tensor.shape.length === 0 ? array.data[0]! : array;
}
