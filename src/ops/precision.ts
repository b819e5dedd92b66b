import { CnnError } from '../errors.js';
import { canonical } from '../registry.js';
import { multipliesBfloat16 } from '../runtime/cpu.js';
import { native } from '../runtime/native.js';
import { type AttrValue, nativeOp, nativeScope } from '../runtime/op.js';
import { unknownName } from '../suggest.js';
import * as tf from '../tf.js';

/**
 * In what numbers products and convolutions are computed. `'mixed_bfloat16'` is Keras's policy of that name: their
 * operands are rounded to bfloat16, which has float32's range and 8 bits of precision; weights, sums over samples,
 * losses and updates stay float32.
 */
export type Precision = 'float32' | 'mixed_bfloat16';

export const PRECISIONS: readonly Precision[] = ['float32', 'mixed_bfloat16'];

/** The precision that is meant. @throws CnnError UNKNOWN_NAME with a suggestion */
export function getPrecision(name: Precision | (string & {})): Precision {
  const found = PRECISIONS.find((precision) => canonical(precision) === canonical(name));
  if (found === undefined) throw unknownName('precision', name, PRECISIONS);
  return found;
}

let current: Precision = 'float32';

/**
 * Computes with products in a precision; their gradients too, whenever those are asked for.
 *
 * @throws CnnError UNSUPPORTED for bfloat16 where libtensorflow does not compute
 */
export function withPrecision<T>(precision: Precision, body: () => T): T {
  if (precision !== 'float32' && native() === undefined) {
    throw new CnnError('UNSUPPORTED', `precision ${precision} needs libtensorflow`, {
      argument: 'precision',
      hint: 'Run "cnn setup" to get it, or compute in float32.',
    });
  }
  const outer = current;
  current = precision;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** Runs an op that multiplies and adds; float32 in and out. */
export type Product = (
  op: string,
  inputs: readonly tf.Tensor[],
  attrs: Record<string, AttrValue>,
) => tf.Tensor;

/** How products are computed now. To be asked for where an op runs forward, and used for its gradients as well. */
export function currentProduct(): Product {
  if (current === 'float32') return inFloat32;
  const { hasGpu } = native()!.binding.context;
  return hasGpu || multipliesBfloat16() ? ofBfloat16 : ofRounded;
}

const inFloat32: Product = (op, inputs, attrs) => nativeOp(op, inputs, attrs)[0]!;

/** Of operands in bfloat16, by TensorFlow's kernels for them. */
export const ofBfloat16: Product = (op, inputs, attrs) =>
  nativeScope(op, (scope) => {
    const operands = inputs.map((tensor) => {
      const operand = scope.input(tensor);
      return tensor.dtype === 'float32' ? scope.cast(operand, 'bfloat16') : operand;
    });
    return scope.cast(scope.op(op, operands, attrs)[0]!, 'float32');
  });

/** The same numbers in float32, for processors without instructions for bfloat16: those kernels are slow there. */
export const ofRounded: Product = (op, inputs, attrs) =>
  tf.tidy(() => rounded(inFloat32(op, inputs.map(rounded), attrs)));

/** To the nearest bfloat16; shapes, which are int32, stay as they are. */
function rounded(tensor: tf.Tensor): tf.Tensor {
  if (tensor.dtype !== 'float32') return tensor;
  return nativeScope('Cast', ({ input, cast }) => cast(cast(input(tensor), 'bfloat16'), 'float32'));
}
