import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertClose, oracle } from './oracle.js';

describe('assertClose', () => {
  const expected = { shape: [3], data: [1, 1000, 'Infinity' as const] };

  it('accepts a difference within the tolerance of the array', () => {
    assertClose([1.001, 1000.005, Infinity], expected, 'near');
  });
  it('refuses a larger one', () => {
    assert.throws(() => assertClose([1, 1000.02, Infinity], expected, 'far'), assert.AssertionError);
  });
  it('refuses NaN, a finite number for an infinite one, and a missing element', () => {
    for (const actual of [
      [NaN, 1000, Infinity],
      [1, 1000, 1e30],
      [1, 1000],
    ]) {
      assert.throws(() => assertClose(actual, expected, 'wrong'), assert.AssertionError);
    }
  });
});

describe('the fixtures', () => {
  for (const name of [
    'layers',
    'activations',
    'initializers',
    'regularizers',
    'losses',
    'metrics',
    'optimizers',
    'schedules',
    'training',
    'callbacks',
  ] as const) {
    it(`${name}: every case has a name of its own`, () => {
      const names = oracle(name).cases.map((c) => c.name);
      assert.equal(new Set(names).size, names.length);
      assert.notEqual(names.length, 0);
    });
  }
});
