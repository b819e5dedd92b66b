import type { DataType } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import { formatShape, type Shape } from '../shape.js';

/** What is known of a tensor before it is computed; undefined where that is nothing. */
export interface TensorSpec {
  readonly dtype: DataType | undefined;
  readonly shape: Shape | undefined;
}

const WIDER: readonly DataType[] = ['bool', 'int32', 'float32'];

/** An axis or some; negative ones count from the end. Undefined: all. */
export type Axis = number | readonly number[] | undefined;

/** A function of the elements of two tensors. @throws CnnError SHAPE_MISMATCH */
export function elementwise(op: string, dtype?: DataType) {
  return (a: TensorSpec, b: TensorSpec): TensorSpec => ({
    dtype: dtype ?? commonType(a, b),
    shape: broadcast(op, a.shape, b.shape),
  });
}

/** A function of the elements of one float32 tensor. @throws CnnError DTYPE_MISMATCH */
export function floatFunction(op: string) {
  return ({ dtype, shape }: TensorSpec): TensorSpec => {
    if (dtype === undefined || dtype === 'float32') return { dtype, shape };
    throw new CnnError('DTYPE_MISMATCH', `${op} cannot take a tensor of this type`, {
      op,
      expected: 'float32',
      received: dtype,
      hint: "Cast it: node.cast('float32').",
    });
  };
}

/** Axes reduced to one number each. @throws CnnError INVALID_ARGUMENT for an axis that the tensor does not have */
export function reduction(
  op: string,
  { axis, keepDims = false, dtype }: { axis: Axis; keepDims?: boolean; dtype?: DataType },
) {
  return (x: TensorSpec): TensorSpec => ({
    dtype: dtype ?? (x.dtype === 'bool' ? 'int32' : x.dtype),
    shape: reduced(op, x.shape, axis, keepDims),
  });
}

/** The product of matrices, or of stacks of matrices. @throws CnnError SHAPE_MISMATCH */
export function product(left: TensorSpec, right: TensorSpec): TensorSpec {
  return { dtype: commonType(left, right), shape: productShape(left.shape, right.shape) };
}

/** The type in which tfjs computes with both: the wider one. */
function commonType(a: TensorSpec, b: TensorSpec): DataType | undefined {
  if (a.dtype === undefined || b.dtype === undefined) return undefined;
  return WIDER[Math.max(WIDER.indexOf(a.dtype), WIDER.indexOf(b.dtype))];
}

/** The shape of an elementwise function of two tensors. @throws CnnError SHAPE_MISMATCH */
export function broadcast(op: string, a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (a === undefined || b === undefined) return undefined;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = sizeFromEnd(a, rank - i);
    const right = sizeFromEnd(b, rank - i);
    if (left === 1) return right;
    if (right === 1 || left === right) return left;
    if (left === null) return right;
    if (right === null) return left;
    throw mismatch(op, 'sizes that are equal, or one of them 1', a, b);
  });
}

function productShape(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (a === undefined || b === undefined) return undefined;
  const expected = '[..., m, k] and [..., k, n]';
  if (a.length < 2 || b.length < 2) throw mismatch('matMul', expected, a, b);
  const [inner, outer] = [a.at(-1)!, b.at(-2)!];
  if (inner !== outer && inner !== null && outer !== null) throw mismatch('matMul', expected, a, b);
  return [...broadcast('matMul', a.slice(0, -2), b.slice(0, -2))!, a.at(-2)!, b.at(-1)!];
}

function reduced(op: string, shape: Shape | undefined, axis: Axis, keepDims: boolean): Shape | undefined {
  if (shape === undefined) return axis === undefined && !keepDims ? [] : undefined;
  const axes =
    axis === undefined ? shape.map((_, i) => i) : [axis].flat().map((a) => resolveAxis(op, a, shape));
  return keepDims
    ? shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : shape.filter((_, i) => !axes.includes(i));
}

function resolveAxis(op: string, axis: number, shape: Shape): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < shape.length) return resolved;
  throw new CnnError('INVALID_ARGUMENT', `${op}: there is no axis ${axis}`, {
    argument: 'axis',
    expected: `an axis of ${formatShape(shape)}`,
    received: String(axis),
  });
}

/** Tensors of lower rank are taken to have leading sizes of 1. */
function sizeFromEnd(shape: Shape, place: number): number | null {
  return place > shape.length ? 1 : shape[shape.length - place]!;
}

function mismatch(op: string, expected: string, a: Shape, b: Shape): CnnError {
  return new CnnError('SHAPE_MISMATCH', `${op}: the shapes do not fit`, {
    op,
    expected,
    received: `${formatShape(a)} and ${formatShape(b)}`,
  });
}
