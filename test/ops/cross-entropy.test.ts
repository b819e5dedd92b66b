import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { argumentOf, rememberArgument, tidyWithArgument } from '../../src/ops/argument.js';
import { sigmoidCrossEntropy } from '../../src/ops/sigmoid-cross-entropy.js';
import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from '../../src/ops/softmax-cross-entropy.js';
import { ready } from '../../src/runtime/backend.js';
import * as tf from '../../src/tf.js';

before(ready);

const LOGITS = [1, -2, 0.5, 1000, 0, -1000, 3, 3, 3];
const CLASSES = [2, 0, 1];
const DISTRIBUTIONS = [0.2, 0.3, 0.5, 1, 0, 0, 0, 0.25, 0.75];

function rows(values: readonly number[]): number[][] {
  return [0, 3, 6].map((at) => values.slice(at, at + 3));
}

function softmax(row: readonly number[]): number[] {
  const exps = row.map((v) => Math.exp(v - Math.max(...row)));
  const sum = exps.reduce((a, b) => a + b);
  return exps.map((v) => v / sum);
}

function assertNear(actual: tf.Tensor, expected: readonly number[], what: string): void {
  const got = [...actual.dataSync()];
  assert.equal(got.length, expected.length, what);
  expected.forEach((want, i) => {
    assert.ok(
      Math.abs(got[i]! - want) <= 1e-5 * Math.max(1, Math.abs(want)),
      `${what} [${i}]: ${got[i]}, not ${want}`,
    );
  });
}

test('softmax cross-entropy: values and both gradients, also of logits where softmax overflows', () => {
  tf.tidy(() => {
    const labels = tf.tensor(DISTRIBUTIONS, [3, 1, 3]);
    const logits = tf.tensor(LOGITS, [3, 1, 3]);
    const log = rows(LOGITS).map((row) => {
      const top = Math.max(...row);
      const sum = row.reduce((s, v) => s + Math.exp(v - top), 0);
      return row.map((v) => v - top - Math.log(sum));
    });
    const expected = rows(DISTRIBUTIONS).map((row, i) => -row.reduce((s, v, j) => s + v * log[i]![j]!, 0));
    const value = softmaxCrossEntropy(labels, logits);
    assert.deepEqual(value.shape, [3, 1]);
    assertNear(value, expected, 'value');
    const dy = tf.tensor([1, 2, -1], [3, 1]);
    const [dlabels, dlogits] = tf.grads(softmaxCrossEntropy)([labels, logits], dy);
    const factors = [1, 2, -1];
    assertNear(
      dlabels!,
      log.flatMap((row, i) => row.map((v) => -v * factors[i]!)),
      'dlabels',
    );
    assertNear(
      dlogits!,
      rows(DISTRIBUTIONS).flatMap((row, i) =>
        softmax(rows(LOGITS)[i]!).map((p, j) => (p - row[j]!) * factors[i]!),
      ),
      'dlogits',
    );
  });
});

test('sparse softmax cross-entropy: as with the one-hot labels', () => {
  tf.tidy(() => {
    const labels = tf.tensor(CLASSES, [3], 'int32');
    const oneHot = tf.oneHot(labels as tf.Tensor1D, 3).toFloat();
    const logits = tf.tensor(LOGITS, [3, 3]);
    const dy = tf.tensor([1, 2, -1]);
    assertNear(
      sparseSoftmaxCrossEntropy(labels, logits),
      [...softmaxCrossEntropy(oneHot, logits).dataSync()],
      'value',
    );
    assertNear(
      tf.grad((x) => sparseSoftmaxCrossEntropy(labels, x))(logits, dy),
      [
        ...tf
          .grad((x) => softmaxCrossEntropy(oneHot, x))(logits, dy)
          .dataSync(),
      ],
      'gradient',
    );
  });
});

test('a label out of range never gives a finite loss', () => {
  for (const label of [-1, 3]) {
    const run = () =>
      tf.tidy(() => sparseSoftmaxCrossEntropy(tf.tensor1d([label], 'int32'), tf.zeros([1, 3])).dataSync()[0]);
    assert.throws(run, { code: 'NATIVE_OP_FAILED' });
  }
});

test('labels of another shape are refused', () => {
  tf.tidy(() => {
    const logits = tf.zeros([2, 3]);
    assert.throws(() => softmaxCrossEntropy(tf.zeros([2, 4]), logits), { code: 'SHAPE_MISMATCH' });
    assert.throws(() => sparseSoftmaxCrossEntropy(tf.zeros([2, 1], 'int32'), logits), {
      code: 'SHAPE_MISMATCH',
    });
    assert.throws(() => sigmoidCrossEntropy(tf.zeros([3]), logits), { code: 'SHAPE_MISMATCH' });
  });
});

test('gradients of gradients take the composed form', () => {
  tf.tidy(() => {
    const logits = tf.tensor([0.3, -0.7, 1.1], [1, 3]);
    const labels = tf.tensor([0.2, 0.3, 0.5], [1, 3]);
    const classes = tf.tensor([2], [1], 'int32');
    // The Hessian's diagonal sums: d/dx of sum(p - t) weighted by w is w p - p (w . p).
    const p = softmax([0.3, -0.7, 1.1]);
    const w = [1, 2, 3];
    const dot = p.reduce((s, v, i) => s + v * w[i]!, 0);
    const expected = p.map((v, i) => v * w[i]! - v * dot);
    for (const loss of [
      (x: tf.Tensor) => softmaxCrossEntropy(labels, x),
      (x: tf.Tensor) => sparseSoftmaxCrossEntropy(classes, x),
    ]) {
      const second = tf.grad((x) =>
        tf
          .grad((z) => loss(z).sum())(x)
          .mul(tf.tensor(w))
          .sum(),
      )(logits);
      assertNear(second, expected, 'second gradient');
    }
  });
});

test('sigmoid cross-entropy: values and gradients', () => {
  tf.tidy(() => {
    const x = [-1000, -2, 0, 0.5, 1000];
    const z = [0, 1, 0.5, 0, 0.25];
    const logits = tf.tensor1d(x);
    const labels = tf.tensor1d(z);
    const value = x.map((v, i) => Math.max(v, 0) - v * z[i]! + Math.log1p(Math.exp(-Math.abs(v))));
    assertNear(sigmoidCrossEntropy(labels, logits), value, 'value');
    const [dlabels, dlogits] = tf.grads(sigmoidCrossEntropy)([labels, logits]);
    assertNear(
      dlabels!,
      x.map((v) => -v),
      'dlabels',
    );
    assertNear(
      dlogits!,
      x.map((v, i) => 1 / (1 + Math.exp(-v)) - z[i]!),
      'dlogits',
    );
  });
});

test('logits are remembered as long as they live', () => {
  const tensors = tf.memory().numTensors;
  const x = tf.tensor1d([1, 2]);
  const alone = tidyWithArgument(() => {
    const logits = x.mul(2);
    return rememberArgument('softmax', logits.softmax(), logits);
  });
  assert.equal(argumentOf('softmax', alone), undefined);
  tf.tidy(() => {
    const inner = tidyWithArgument(() => {
      const logits = x.mul(2);
      return rememberArgument('softmax', logits.softmax(), logits);
    });
    assert.deepEqual([...argumentOf('softmax', inner)!.dataSync()], [2, 4]);
    assert.equal(argumentOf('sigmoid', inner), undefined);
  });
  tf.dispose([x, alone]);
  assert.equal(tf.memory().numTensors, tensors);
});
