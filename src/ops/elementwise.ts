import { nativeOp } from '../runtime/op.js';
import * as tf from '../tf.js';
import { canFuse, differentiable } from './differentiable.js';

type Elementwise = (x: tf.Tensor) => tf.Tensor;

interface Kernels {
  /** The native op of the function, and the op of its gradient. */
  readonly value: string;
  readonly gradient: string;
  /** The gradient op's inputs. Those that need the output rather than the input let TensorFlow fuse the forward pass. */
  readonly of: (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor) => tf.Tensor[];
  readonly attributes?: Record<string, number>;
  /** The same by tfjs's ops. */
  readonly composed: Elementwise;
}

/** A function of each element with a native gradient kernel; tfjs's own gradients take several ops. */
function elementwise(kernels: Kernels): Elementwise {
  const { value: op, gradient, of, attributes, composed } = kernels;
  return (x) => {
    if (!canFuse()) return composed(x);
    return differentiable({ x }, () => {
      const value = nativeOp(op, [x], attributes)[0]!;
      return {
        value,
        saved: { x, value },
        gradients: { x: (dy, saved) => nativeOp(gradient, of(dy, saved.x, saved.value), attributes)[0]! },
      };
    });
  };
}

export const relu = elementwise({
  value: 'Relu',
  gradient: 'ReluGrad',
  of: (dy, _x, y) => [dy, y],
  composed: (x) => x.relu(),
});

export const relu6 = elementwise({
  value: 'Relu6',
  gradient: 'Relu6Grad',
  of: (dy, _x, y) => [dy, y],
  composed: (x) => x.relu6(),
});

export const sigmoid = elementwise({
  value: 'Sigmoid',
  gradient: 'SigmoidGrad',
  of: (dy, _x, y) => [y, dy],
  composed: (x) => x.sigmoid(),
});

export const tanh = elementwise({
  value: 'Tanh',
  gradient: 'TanhGrad',
  of: (dy, _x, y) => [y, dy],
  composed: (x) => x.tanh(),
});

export const elu = elementwise({
  value: 'Elu',
  gradient: 'EluGrad',
  of: (dy, _x, y) => [dy, y],
  composed: (x) => x.elu(),
});

export const selu = elementwise({
  value: 'Selu',
  gradient: 'SeluGrad',
  of: (dy, _x, y) => [dy, y],
  composed: composedSelu,
});

export const softplus = elementwise({
  value: 'Softplus',
  gradient: 'SoftplusGrad',
  of: (dy, x) => [dy, x],
  composed: (x) => x.softplus(),
});

export const softsign = elementwise({
  value: 'Softsign',
  gradient: 'SoftsignGrad',
  of: (dy, x) => [dy, x],
  composed: (x) => x.div(x.abs().add(1)),
});

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** tfjs's gradient takes the other slope at 0. */
function composedSelu(x: tf.Tensor): tf.Tensor {
  return differentiable({ x }, () => ({
    value: x.selu(),
    saved: { x },
    gradients: {
      x(dy, saved) {
        const slope = saved.x
          .minimum(0)
          .exp()
          .mul(SELU_SCALE * SELU_ALPHA);
        return dy.mul(tf.where(saved.x.less(0), slope, tf.fill(dy.shape, SELU_SCALE)));
      },
    },
  }));
}

/** `x` where positive, else `slope * x`. */
export function leakyRelu(x: tf.Tensor, slope: number): tf.Tensor {
  return elementwise({
    value: 'LeakyRelu',
    gradient: 'LeakyReluGrad',
    of: (dy, input) => [dy, input],
    attributes: { alpha: slope },
    composed: (input) => tf.leakyRelu(input, slope),
  })(x);
}

/** The absolute value; its slope at 0 is 0, as in TensorFlow (in tfjs it is -1). */
export function abs(x: tf.Tensor): tf.Tensor {
  return differentiable({ x }, () => ({
    value: x.abs(),
    saved: { x },
    gradients: { x: (dy, saved) => dy.mul(saved.x.sign()) },
  }));
}
