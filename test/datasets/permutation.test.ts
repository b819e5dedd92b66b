import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permutation } from '../../src/datasets/permutation.js';

describe('permutation', () => {
  it('holds each number once', () => {
    for (const n of [0, 1, 2, 1000]) {
      assert.deepEqual(
        permutation(n, 3).toSorted(),
        Uint32Array.from({ length: n }, (_, i) => i),
      );
    }
  });

  it('depends on seed and epoch alone', () => {
    assert.deepEqual(permutation(100, 7, 2), permutation(100, 7, 2));
    const others = [
      permutation(100, 7, 3),
      permutation(100, 8, 2),
      permutation(100, 7 + 2 ** 32, 2),
      permutation(100, -7, 2),
    ];
    for (const other of others) assert.notDeepEqual(other, permutation(100, 7, 2));
  });

  it('puts each number in each place equally often', () => {
    const counts = new Uint32Array(36);
    const rounds = 36_000;
    for (let seed = 0; seed < rounds; seed++) {
      for (const [place, value] of permutation(6, seed).entries()) counts[6 * place + value]!++;
    }
    // Chi-squared with 25 degrees of freedom: above 52.6 once in a thousand, and the seeds are fixed.
    const expected = rounds / 6;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquared < 52.6, `chi-squared ${chiSquared}`);
  });
});
