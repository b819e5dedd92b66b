import { CnnError } from '../errors.js';
import { native } from '../runtime/native.js';
import { nativeOp } from '../runtime/op.js';
import * as tf from '../tf.js';

/** How gradients are kept small; at most one of the three. */
export interface ClippingOptions {
  /** The largest Euclidean norm of the gradient of one variable; a longer one is scaled down to it. */
  clipnorm?: number;
  /** The largest size of an element of a gradient; larger ones are cut off. */
  clipvalue?: number;
  /** The largest Euclidean norm of all gradients together; longer ones are scaled down by one factor. */
  globalClipnorm?: number;
}

/** A variable's gradient, in as many parts as the variable has: mostly one. */
export type VariableGradient = readonly tf.Tensor[];

/** Gradients as they were, or clipped. */
export type Clipping = (gradients: readonly VariableGradient[]) => readonly VariableGradient[];

/** @throws CnnError INVALID_ARGUMENT for a limit that is not greater than 0, or more than one limit */
export function clippingOf(optimizer: string, options: ClippingOptions): Clipping {
  const given = (['clipnorm', 'clipvalue', 'globalClipnorm'] as const).filter((key) => options[key] != null);
  const [kind] = given;
  if (kind === undefined) return (gradients) => gradients;
  const limit = options[kind]!;
  if (given.length > 1 || !(limit > 0)) {
    throw new CnnError('INVALID_ARGUMENT', `${optimizer}: the limit of gradients is not valid`, {
      argument: kind,
      expected: 'one of clipnorm, clipvalue and globalClipnorm, greater than 0',
      received: given.map((key) => `${key}: ${options[key]}`).join(', '),
    });
  }
  switch (kind) {
    case 'clipvalue':
      return (gradients) => gradients.map((parts) => parts.map((part) => part.clipByValue(-limit, limit)));
    case 'clipnorm':
      return (gradients) => gradients.flatMap((gradient) => scaledTo(limit, [gradient]));
    case 'globalClipnorm':
      return (gradients) => scaledTo(limit, gradients);
  }
}

function scaledTo(limit: number, gradients: readonly VariableGradient[]): VariableGradient[] {
  const norm = tf.addN(gradients.flat().map(sumOfSquares)).sqrt();
  // A norm that is not finite makes NaN of everything, which is seen, instead of zero, which is not.
  const factor = tf.scalar(limit).div(norm.maximum(limit)).add(norm.sub(norm));
  return gradients.map((parts) => parts.map((part) => part.mul(factor)));
}

function sumOfSquares(gradient: tf.Tensor): tf.Tensor {
  // Half the sum, in one pass over the gradient and without a temporary copy.
  if (native() !== undefined) return nativeOp('L2Loss', [gradient])[0]!.mul(2);
  return gradient.square().sum();
}
