/**
 * Keeps the books of native objects from outside: every object that the C API hands out, until it is given back.
 * Independent of what the runtime counts itself.
 */
import type { CApi, Pointer } from '../../src/runtime/capi.js';

type Kind = 'handle' | 'tensor' | 'op' | 'graph' | 'function' | 'status' | 'buffer';
/** The functions that hand out an object, and those that take it back as their first argument. */
const MAKERS: Partial<Record<keyof CApi, Kind>> = {
  newHandle: 'handle',
  copyHandle: 'handle',
  allocateTensor: 'tensor',
  resolveHandle: 'tensor',
  newOp: 'op',
  newGraph: 'graph',
  graphToFunction: 'function',
  newStatus: 'status',
  newBuffer: 'buffer',
};
const ENDERS: Partial<Record<keyof CApi, Kind>> = {
  deleteHandle: 'handle',
  deleteTensor: 'tensor',
  deleteOp: 'op',
  deleteGraph: 'graph',
  deleteFunction: 'function',
  deleteStatus: 'status',
  deleteBuffer: 'buffer',
};

type Native = (...args: unknown[]) => unknown;

export class Ledger {
  /** How often each object is out: a copy of a handle may be the same object, held once more. */
  private readonly held = new Map<string, { readonly kind: Kind; times: number }>();
  /** Objects given back that were never handed out, or given back twice. */
  readonly wrongs: string[] = [];

  /** @param c its functions are replaced by ones that keep these books */
  constructor(c: CApi) {
    const functions = c as unknown as Record<string, Native & { async?: Native }>;
    for (const [name, kind] of Object.entries(MAKERS)) {
      const make = functions[name]!;
      functions[name] = (...args) => this.enter(kind, make(...args) as Pointer | null);
    }
    for (const [name, kind] of Object.entries(ENDERS)) {
      const end = functions[name]!;
      functions[name] = (pointer, ...rest) => {
        this.leave(kind, pointer as Pointer, name);
        return end(pointer, ...rest);
      };
    }
    const execute = functions.execute!;
    const enterOutputs = (outputs: BigUint64Array, count: Int32Array, status: Pointer) => {
      if (c.statusCode(status) !== 0) return;
      for (const handle of outputs.subarray(0, count[0])) this.enter('handle', handle);
    };
    functions.execute = Object.assign(
      (...args: unknown[]) => {
        execute(...args);
        enterOutputs(args[1] as BigUint64Array, args[2] as Int32Array, args[3] as Pointer);
      },
      {
        async: (...args: unknown[]) => {
          const done = args.pop() as (error: Error | null) => void;
          execute.async!(...args, (error: Error | null) => {
            if (error === null) {
              enterOutputs(args[1] as BigUint64Array, args[2] as Int32Array, args[3] as Pointer);
            }
            done(error);
          });
        },
      },
    );
  }

  /** How many objects of each kind are out now. */
  counts(): Record<Kind, number> {
    const counts = { handle: 0, tensor: 0, op: 0, graph: 0, function: 0, status: 0, buffer: 0 };
    for (const { kind, times } of this.held.values()) counts[kind] += times;
    return counts;
  }

  private enter(kind: Kind, pointer: Pointer | null): Pointer | null {
    const key = `${kind} ${pointer}`;
    if (pointer !== null) this.held.set(key, { kind, times: (this.held.get(key)?.times ?? 0) + 1 });
    return pointer;
  }

  private leave(kind: Kind, pointer: Pointer, by: string): void {
    const key = `${kind} ${pointer}`;
    const entry = this.held.get(key);
    if (entry === undefined) this.wrongs.push(`${by} ${pointer}`);
    else if (--entry.times === 0) this.held.delete(key);
  }
}
