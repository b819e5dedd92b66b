import { bytes, type Field, message } from '../../runtime/message.js';
import { fields, text } from '../../runtime/wire.js';

// graph.proto, node_def.proto, attr_value.proto of TensorFlow 2.21.

/** A node of a graph: NodeDef. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, or `^node` for one that has to run before. */
  readonly inputs: readonly string[];
  /** Attributes by name, each an encoded AttrValue. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
}

/** A graph: GraphDef. */
export interface GraphDef {
  readonly nodes: readonly GraphNode[];
  /** The encoded VersionDef: what TensorFlow has to be able to do. */
  readonly versions: Uint8Array;
}

/** GraphDef: node 1, versions 4. Reads what TensorFlow itself wrote. */
export function readGraphDef(encoded: Uint8Array): GraphDef {
  const all = [...fields(encoded)];
  const valuesOf = (number: number) =>
    all.filter((field) => field.number === number).map(({ value }) => value as Uint8Array);
  return { nodes: valuesOf(1).map(readNode), versions: valuesOf(4)[0] ?? new Uint8Array() };
}

/** NodeDef: name 1, op 2, input 3, attr 5 { key 1, value 2 }. Where it was made (7) is of no use elsewhere. */
function readNode(encoded: Uint8Array): GraphNode {
  const all = [...fields(encoded)];
  const textsOf = (number: number) =>
    all.filter((field) => field.number === number).map(({ value }) => text(value));
  const attributes = all
    .filter(({ number }) => number === 5)
    .map(({ value }) => {
      const entry = new Map([...fields(value as Uint8Array)].map((field) => [field.number, field.value]));
      return [text(entry.get(1) ?? 0n), (entry.get(2) as Uint8Array) ?? new Uint8Array()] as const;
    });
  return {
    name: textsOf(1)[0]!,
    op: textsOf(2)[0]!,
    inputs: textsOf(3),
    // What an op's outputs were when it was recorded is a note, which would hold for one batch size.
    attributes: new Map(attributes.filter(([name]) => name !== '_output_shapes')),
  };
}

export function writeGraphDef({ nodes, versions }: GraphDef): Uint8Array {
  return message(...nodes.map(writeNode), bytes(4, versions));
}

function writeNode({ name, op, inputs, attributes }: GraphNode): Field {
  // In one order, so that the same model is the same bytes.
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return bytes(
    1,
    message(
      bytes(1, name),
      bytes(2, op),
      ...inputs.map((input) => bytes(3, input)),
      ...sorted.map(([key, value]) => bytes(5, message(bytes(1, key), bytes(2, value)))),
    ),
  );
}
