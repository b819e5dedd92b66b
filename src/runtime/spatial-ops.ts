import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import type { OpAttr } from './attributes.js';
import type { OpCall } from './op-rules.js';

/**
 * What TensorFlow's convolutions and poolings (oneDNN's, on x86) do not check themselves: they end the process, or
 * read past their tensors, when a rank, a size or the shape of a gradient is not what they take for granted.
 */
interface SpatialOp {
  /** Rank of each input; 1 where the input is itself a shape. */
  readonly ranks: readonly number[];
  /** Position of the input that is the shape of another tensor. */
  readonly sizes?: number;
  /** For the gradient of a pooling: positions of tensors that have the shape of its result. */
  readonly pooled?: readonly number[];
}

const table = (
  rank: number,
  forward: string,
  backInput: string,
  backFilter: string,
): [string, SpatialOp][] => [
  [forward, { ranks: [rank, rank] }],
  [backInput, { ranks: [1, rank, rank], sizes: 0 }],
  [backFilter, { ranks: [rank, 1, rank], sizes: 1 }],
];

const SPATIAL_OPS: ReadonlyMap<string, SpatialOp> = new Map([
  ...table(4, 'Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'),
  ...table(
    4,
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ),
  ...table(5, 'Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'),
  ['AvgPool', { ranks: [4] }],
  ['MaxPool', { ranks: [4] }],
  ['AvgPool3D', { ranks: [5] }],
  ['MaxPool3D', { ranks: [5] }],
  ['AvgPoolGrad', { ranks: [1, 4], sizes: 0, pooled: [1] }],
  ['AvgPool3DGrad', { ranks: [1, 5], sizes: 0, pooled: [1] }],
  ['MaxPoolGrad', { ranks: [4, 4, 4], pooled: [1, 2] }],
  ['MaxPool3DGrad', { ranks: [5, 5, 5], pooled: [1, 2] }],
  ['LRN', { ranks: [4] }],
  ['LRNGrad', { ranks: [4, 4, 4] }],
]);

/** Numbers for each dimension of the images: how many, and the least. Explicit paddings may be left out. */
const PER_DIMENSION: Readonly<Record<string, { readonly count: number; readonly least: number }>> = {
  strides: { count: 1, least: 1 },
  ksize: { count: 1, least: 1 },
  dilations: { count: 1, least: 1 },
  explicit_paddings: { count: 2, least: 0 },
};
/** The largest of these numbers; larger ones overflow inside TensorFlow. */
const MOST = 2 ** 16;

/** Names of the ops that `checkSpatialOp` knows. */
export const SPATIAL_OP_NAMES: Iterable<string> = SPATIAL_OPS.keys();

/** @throws CnnError SHAPE_MISMATCH, INVALID_ARGUMENT */
export function checkSpatialOp({ op, attrs, shapes, valuesOf }: OpCall): void {
  const { ranks, sizes, pooled } = SPATIAL_OPS.get(op)!;
  const rank = Math.max(...ranks);
  for (const [i, expected] of ranks.entries()) {
    if (shapes[i]!.length !== expected) throw wrongShape(op, i, `rank ${expected}`, shapes[i]!);
  }
  for (const attr of attrs) checkNumbers(op, attr, rank);
  const given = sizes === undefined ? shapes[0]! : valuesOf(sizes);
  if (given === undefined) return;
  if (sizes !== undefined && (given.length !== rank || given.some((size) => size < 0))) {
    throw wrongShape(op, sizes, `a shape of rank ${rank}`, given);
  }
  if (pooled === undefined) return;
  const expected = pooledShape(attrs, given);
  for (const i of pooled) {
    if (shapes[i]!.join() !== expected.join()) throw wrongShape(op, i, `[${expected}]`, shapes[i]!);
  }
}

/** The shape that a pooling makes of images of a shape. */
function pooledShape(attrs: readonly OpAttr[], images: readonly number[]): number[] {
  const given = (name: string) => attrs.find((attr) => attr.name === name)?.value;
  const windows = given('ksize') as number[];
  const strides = given('strides') as number[];
  const padding = given('padding');
  const paddings = (given('explicit_paddings') ?? []) as number[];
  return images.map((size, i) => {
    const padded = padding === 'EXPLICIT' ? size + (paddings[2 * i] ?? 0) + (paddings[2 * i + 1] ?? 0) : size;
    const places = padding === 'SAME' ? padded : padded - windows[i]! + 1;
    return Math.max(Math.ceil(places / strides[i]!), 0);
  });
}

function wrongShape(op: string, input: number, expected: string, received: readonly number[]): CnnError {
  return new CnnError('SHAPE_MISMATCH', `input ${input} of ${op} has a shape that it cannot have`, {
    op,
    input,
    expected,
    received: `[${received}]`,
  });
}

function checkNumbers(op: string, { name, value }: OpAttr, rank: number): void {
  const rule = PER_DIMENSION[name];
  if (rule === undefined) return;
  const numbers = value as number[];
  const length = rule.count * rank;
  if (numbers.length === 0 && rule.least === 0) return;
  if (numbers.length === length && numbers.every((n) => n >= rule.least && n <= MOST)) return;
  throw new CnnError('INVALID_ARGUMENT', `attribute "${name}" of ${op} was given a wrong value`, {
    op,
    attribute: name,
    expected: `${length} whole numbers from ${rule.least} to ${MOST}`,
    received: describe(value),
  });
}
