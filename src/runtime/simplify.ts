import type { OpAttr } from './attributes.js';
import { DType } from './capi.js';
import { elementCount, type NativeTensor } from './handles.js';

/** Operands of more elements are left to the compiled function. */
const MOST_ELEMENTS = 1024;

/** Ops that are worth computing while tracing: cheap ones, whose results are no larger than their operands. */
const FOLDED = new Set([
  ...['Add', 'AddV2', 'Sub', 'Mul', 'Div', 'RealDiv', 'FloorDiv', 'Maximum', 'Minimum', 'Pow'],
  ...['Neg', 'Abs', 'Square', 'Sqrt', 'Rsqrt', 'Reciprocal', 'Exp', 'Log', 'Log1p'],
  ...['Cast', 'Reshape', 'ExpandDims', 'Squeeze', 'Pack', 'ConcatV2'],
]);

/** Whether an op can be computed now, while its function is traced: its operands are known and small. */
export function isFoldable(op: string, inputs: readonly NativeTensor[]): boolean {
  return (
    FOLDED.has(op) &&
    inputs.every(
      (input) =>
        'handle' in input &&
        input.dtype !== DType.resource &&
        input.dtype !== DType.string &&
        elementCount(input.shape) <= MOST_ELEMENTS,
    )
  );
}

/** Whether an op gives its first operand as it is. @param read the values of an operand that is known, by its place */
export function isUnchanged(
  op: string,
  attrs: readonly OpAttr[],
  [first, second]: readonly NativeTensor[],
  read: (operand: number) => ArrayLike<number>,
): boolean {
  if (op === 'Cast') return attrs.find(({ name }) => name === 'DstT')?.value === first!.dtype;
  if (op !== 'Reshape' || second === undefined || !('handle' in second)) return false;
  const wanted = Array.from(read(1));
  // At most one size is open, and it follows from the others.
  return (
    wanted.length === first!.shape.length && wanted.every((size, i) => size < 0 || size === first!.shape[i])
  );
}
