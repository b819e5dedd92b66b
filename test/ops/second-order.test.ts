// tfjs's tape sees the composed forms of our ops, so a gradient can be differentiated again.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { biasAdd } from '../../src/ops/bias-add.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { relu } from '../../src/ops/elementwise.js';
import { matMul } from '../../src/ops/mat-mul.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';

before(() => enter(MODES[0]!));

/** The gradient of the squared length of a gradient, by the tape and by differences. */
function check(fn: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): void {
  const slope = tf.grad((input) => fn(input).square().sum());
  const length = (input: tf.Tensor) => slope(input).square().sum();
  const direction = tf.linspace(-1, 1, x.size).reshape(x.shape);
  const step = 2 ** -8;
  const at = (sign: number) => length(x.add(direction.mul(sign * step))).dataSync()[0]!;
  const expected = (at(1) - at(-1)) / (2 * step);
  const actual = tf.grad(length)(x).mul(direction).sum().dataSync()[0]!;
  assert.ok(Math.abs(actual - expected) <= 0.01 * Math.abs(expected), `${actual}, not ${expected}`);
}

test('a dense layer', () => {
  tf.tidy(() => {
    const kernel = tf.linspace(-1, 2, 12).reshape([4, 3]);
    const bias = tf.tensor1d([0.1, -0.2, 0.3]);
    check((x) => relu(biasAdd(matMul(x, kernel), bias)), tf.linspace(-1, 0.7, 8).reshape([2, 4]));
  });
});

test('a convolution', () => {
  tf.tidy(() => {
    const kernel = tf.linspace(-1, 2, 24).reshape([2, 2, 2, 3]);
    const attributes = { strides: [1, 1], padding: 'same', dilationRate: [1, 1], groups: 1 } as const;
    check((x) => conv2d(x, kernel, attributes), tf.linspace(-1, 0.7, 24).reshape([1, 3, 4, 2]));
  });
});
