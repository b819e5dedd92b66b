import { CnnError } from '../../errors.js';
import type { GraphDef, GraphNode } from './graph-def.js';
import { DT_INT32, readWholeTensor, tensorAttribute, typeAttribute, type WholeTensor } from './tensor.js';

/** Batch sizes for which a function is traced, so that what depends on them shows. */
export const TRACED_SIZES = [2, 3, 5] as const;

/** The graphs of one function for the batch sizes of {@link TRACED_SIZES}. */
export type Traced = readonly [GraphDef, GraphDef, GraphDef];

/** A tensor of whole numbers that depends on the batch size: `base + slope * size`. */
interface Affine extends WholeTensor {
  readonly slope: readonly number[];
}

/** Where the size of a batch is found in the graph. */
const SHAPE = 'batch/shape';
const SIZE = 'batch/size';

/**
 * One graph for batches of any size, from the graphs of one function for three: a trace knows sizes only as numbers,
 * which stand in the constants that ops take for shapes. Constants that are the same in all are left as they are; those
 * that grow with the batch are computed from the input's shape (for a reshape, -1 says it).
 *
 * @param input the name of the node whose first dimension is the batch
 * @throws CnnError UNSUPPORTED naming the node, where something else depends on the batch size
 */
export function forAnyBatch(traced: Traced, input: string): GraphDef {
  const [first] = traced;
  const isOne = traced.every(({ nodes }) => nodes.length === first.nodes.length);
  if (!isOne) throw dependent('the number of operations', '', '');
  let isSizeUsed = false;
  const nodes = first.nodes.flatMap((node, i) => {
    const same = traced.map((graph) => graph.nodes[i]!) as unknown as readonly [
      GraphNode,
      GraphNode,
      GraphNode,
    ];
    const different = differences(same);
    if (different.length === 0 || node.name === input) return [node];
    const value = different.join() === 'value' && node.op === 'Const' ? affineOf(same) : undefined;
    if (value === undefined) throw dependent(different.join(', '), node.name, node.op);
    const open = openSize(value);
    if (open !== undefined && isOnlyTarget(node.name, first)) return [constant(node.name, open)];
    isSizeUsed = true;
    return computed(node.name, value);
  });
  return { ...first, nodes: isSizeUsed ? [...nodes, ...sizeOf(input)] : nodes };
}

/** Names of what differs between the versions of a node. */
function differences([first, ...others]: readonly GraphNode[]): string[] {
  const different = new Set<string>();
  for (const other of others) {
    if (other.name !== first!.name || other.op !== first!.op) different.add('op');
    if (other.inputs.join() !== first!.inputs.join()) different.add('inputs');
    for (const [name, value] of first!.attributes) {
      const its = other.attributes.get(name);
      if (its === undefined || Buffer.compare(its, value) !== 0) different.add(name);
    }
  }
  return [...different];
}

function affineOf(same: readonly [GraphNode, GraphNode, GraphNode]): Affine | undefined {
  const versions = same.map(({ attributes }) => readWholeTensor(attributes.get('value')!));
  const [a, b, c] = versions;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  if (a.shape.join() !== b.shape.join() || a.shape.join() !== c.shape.join()) return undefined;
  const slope = a.values.map((value, i) => (b.values[i]! - value) / (TRACED_SIZES[1] - TRACED_SIZES[0]));
  const values = a.values.map((value, i) => value - slope[i]! * TRACED_SIZES[0]);
  const isAffine = values.every((base, i) => base + slope[i]! * TRACED_SIZES[2] === c.values[i]);
  return isAffine ? { ...a, values, slope } : undefined;
}

/** The shape with -1 for the size that depends on the batch, if there is one such. */
function openSize({ dtype, shape, values, slope }: Affine): WholeTensor | undefined {
  if (slope.filter((each) => each !== 0).length !== 1) return undefined;
  return { dtype, shape, values: values.map((value, i) => (slope[i] === 0 ? value : -1)) };
}

/** Whether a constant is only used as what something is reshaped to. */
function isOnlyTarget(name: string, { nodes }: GraphDef): boolean {
  const users = nodes.filter(({ inputs }) => inputs.includes(name));
  return users.every(({ op, inputs }) => op === 'Reshape' && inputs[0] !== name);
}

function constant(name: string, tensor: WholeTensor): GraphNode {
  return {
    name,
    op: 'Const',
    inputs: [],
    attributes: new Map([
      ['dtype', typeAttribute(tensor.dtype)],
      ['value', tensorAttribute(tensor)],
    ]),
  };
}

function node(name: string, op: string, inputs: readonly string[], types: Record<string, number>): GraphNode {
  const attributes = new Map(Object.entries(types).map(([key, dtype]) => [key, typeAttribute(dtype)]));
  return { name, op, inputs, attributes };
}

/** `name` as base + slope * size. */
function computed(name: string, { dtype, shape, values, slope }: Affine): GraphNode[] {
  const of = (part: string) => `${name}/${part}`;
  return [
    constant(of('base'), { dtype, shape, values }),
    constant(of('slope'), { dtype, shape, values: slope }),
    node(of('size'), 'Cast', [SIZE], { SrcT: DT_INT32, DstT: dtype }),
    node(of('grown'), 'Mul', [of('slope'), of('size')], { T: dtype }),
    node(name, 'AddV2', [of('base'), of('grown')], { T: dtype }),
  ];
}

/** The nodes that give the size of the batch. */
function sizeOf(input: string): GraphNode[] {
  const scalar = { dtype: DT_INT32, shape: [] } as const;
  return [
    node(SHAPE, 'Shape', [input], { T: 1, out_type: DT_INT32 }),
    constant(`${SIZE}/first`, { ...scalar, values: [0] }),
    node(SIZE, 'GatherV2', [SHAPE, `${SIZE}/first`, `${SIZE}/first`], {
      Tparams: DT_INT32,
      Tindices: DT_INT32,
      Taxis: DT_INT32,
    }),
  ];
}

function dependent(what: string, name: string, op: string): CnnError {
  return new CnnError('UNSUPPORTED', 'the graph of this model is another one for each size of its batches', {
    ...(name === '' ? {} : { op }),
    received: name === '' ? what : `${what} of ${name} (${op})`,
  });
}
