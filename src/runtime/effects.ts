import type { Pointer } from './capi.js';
import type { Contents } from './handles.js';

/** Order of the ops that touch one resource: the last writer, and who has read since. */
interface Accesses {
  writer: Pointer | undefined;
  readers: Pointer[];
}

/** Names of ops that only read the resource they are given. */
const READERS = new Set([
  'ReadVariableOp',
  'VarIsInitializedOp',
  'VariableShape',
  'ResourceGather',
  'ResourceGatherNd',
]);

/** Whether an op leaves the resources that it is given as they are. */
export function isReader(op: string): boolean {
  return READERS.has(op);
}

/** What an op of a graph does beside computing its outputs. */
export interface Effect {
  readonly op: string;
  readonly stateful: boolean;
  /** The resources that it is given. */
  readonly resources: readonly Resource[];
}

export interface Resource {
  /** The output of the graph that is the resource's handle. */
  readonly key: string;
  /** What it holds, where it is a variable of ours. */
  readonly contents: Contents | undefined;
}

/**
 * Keeps ops with side effects in the order in which they were recorded (automatic control dependencies, as in
 * tf.function): a read of a variable comes after the last write, a write after the last write and the reads since, any
 * other stateful op after the last one.
 */
export class Effects {
  /** All nodes that have to run though nobody may ask for what they compute. */
  readonly nodes: Pointer[] = [];
  /** Variables that are written. */
  readonly written = new Set<Contents>();
  private readonly accesses = new Map<string, Accesses>();
  private lastStateful: Pointer | undefined;

  /** The nodes that have to run before an op, because of what both touch. */
  before({ op, stateful, resources }: Effect): Pointer[] {
    const order = new Set<Pointer>();
    for (const { key } of resources) {
      const accesses = this.accesses.get(key);
      if (accesses?.writer !== undefined) order.add(accesses.writer);
      if (!isReader(op)) for (const reader of accesses?.readers ?? []) order.add(reader);
    }
    if (stateful && resources.length === 0 && this.lastStateful !== undefined) order.add(this.lastStateful);
    return [...order];
  }

  /** Takes in that an op was recorded. */
  note({ op, stateful, resources }: Effect, node: Pointer): void {
    for (const { key, contents } of resources) {
      if (isReader(op)) {
        const accesses = this.accesses.get(key) ?? { writer: undefined, readers: [] };
        accesses.readers.push(node);
        this.accesses.set(key, accesses);
      } else {
        this.accesses.set(key, { writer: node, readers: [] });
        if (contents !== undefined) this.written.add(contents);
      }
    }
    if (stateful && resources.length === 0) this.lastStateful = node;
    if (stateful && !isReader(op)) this.nodes.push(node);
  }
}
