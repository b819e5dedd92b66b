/** What TensorFlow accepts in names of nodes. */
export function toNodeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^(?![A-Za-z0-9.])/, '.');
}

/** The same for scopes and a name, with slashes between them. */
export function toNodePath(path: string): string {
  return path.split('/').map(toNodeName).join('/');
}

/** The names of a graph's nodes, of which no two have the same. */
export class NodeNames {
  private readonly taken = new Set<string>();
  private count = 0;
  /** Stands before the names: empty, or `dense/`. */
  private scope = '';

  /** For the next node, which is of an op: `dense/MatMul_3`. */
  next(op: string): string {
    return this.unique(`${this.scope}${op}_${this.count++}`);
  }

  /** Numbered where another node has it. */
  unique(name: string): string {
    let free = name;
    for (let number = 1; this.taken.has(free); number++) free = `${name}_${number}`;
    this.taken.add(free);
    return free;
  }

  /** Runs `body`, in which names begin with another scope. */
  withScope<T>(change: (scope: string) => string, body: () => T): T {
    const outer = this.scope;
    this.scope = change(outer);
    try {
      return body();
    } finally {
      this.scope = outer;
    }
  }
}
