import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';
import { currentProduct } from './precision.js';

/**
 * The product of two matrices, [m, k] and [k, n]. tfjs takes TensorFlow's batched product, which is not fused with
 * a bias and an activation after it.
 *
 * @param b whole, or groups of its columns, each of which a core can take for itself: in the product, in the gradient,
 *   and when the group is updated
 */
export function matMul(a: tf.Tensor, b: tf.Tensor | readonly tf.Tensor[]): tf.Tensor {
  const groups = b instanceof tf.Tensor ? [b] : b;
  if (!canFuse()) return sideBySide(groups.map((group) => tf.matMul(a, group)));
  const product = currentProduct();
  const multiply = (left: tf.Tensor, right: tf.Tensor, transpose_a = false, transpose_b = false) =>
    product('MatMul', [left, right], { transpose_a, transpose_b });
  const widths = groups.map((group) => group.shape[1]!);
  const columnsOf = (dy: tf.Tensor) => (groups.length === 1 ? [dy] : tf.split(dy, widths, 1));
  const nameOf = (group: number) => `b${group}`;
  const named = <T>(values: readonly T[]) =>
    Object.fromEntries(values.map((value, group) => [nameOf(group), value]));
  return differentiable<string, string>({ a, ...named(groups) }, () => ({
    value: sideBySide(groups.map((group) => multiply(a, group))),
    saved: { a, ...named(groups) },
    gradients: {
      a: (dy, saved) =>
        sumOf(columnsOf(dy).map((columns, i) => multiply(columns, saved[nameOf(i)]!, false, true))),
      ...named(
        groups.map(
          (_, i) => (dy: tf.Tensor, saved: Record<string, tf.Tensor>) =>
            multiply(saved.a!, columnsOf(dy)[i]!, true, false),
        ),
      ),
    },
  }));
}

function sideBySide(columns: tf.Tensor[]): tf.Tensor {
  return columns.length === 1 ? columns[0]! : tf.concat(columns, 1);
}

function sumOf(terms: tf.Tensor[]): tf.Tensor {
  return terms.length === 1 ? terms[0]! : tf.addN(terms);
}
