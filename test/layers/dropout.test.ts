import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dropout } from '../../src/layers/index.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';

for (const mode of MODES) {
  /** What `calls` calls in training make of ones. */
  function masks(layer: Dropout, shape: number[], calls: number): Float32Array[] {
    const run = mode.compile((x: tf.Tensor) => layer.apply(x, { training: true }));
    const result = Array.from({ length: calls }, () =>
      tf.tidy(() => run(tf.ones(shape)).dataSync<'float32'>()),
    );
    run.dispose();
    return result;
  }

  describe(`dropout, ${mode.name}`, () => {
    for (const rate of [0.2, 0.5, 0.001, 0.997, 1]) {
      it(`drops a fraction of ${rate} and keeps the expected sum`, async () => {
        await enter(mode);
        const layer = new Dropout({ rate, seed: 11 });
        const calls = masks(layer, [50, 77], 60);
        layer.dispose();
        const kept = Math.fround(1 / (1 - rate));
        const count = 60 * 50 * 77;
        let dropped = 0;
        for (const value of calls.flatMap((mask) => [...mask])) {
          if (value === 0) dropped++;
          else assert.ok(Math.abs(value / kept - 1) < 1e-6, `${value} is neither 0 nor ${kept}`);
        }
        // One draw's limit is off by up to 1/256; together with chance, five deviations of the mean of all.
        const error = 5 * Math.sqrt((rate * (1 - rate)) / count + 1 / (4 * 256 ** 2 * 60));
        assert.ok(Math.abs(dropped / count - rate) <= (rate === 1 ? 0 : error), `${dropped / count}`);
      });
    }

    it('draws a fresh mask at each call, the same sequence from the same seed', async () => {
      await enter(mode);
      const sequence = (seed: number) => {
        const layer = new Dropout({ rate: 0.3, seed });
        const result = masks(layer, [5, 41], 3);
        layer.dispose();
        return result;
      };
      const [first, second, third] = sequence(1);
      assert.notDeepEqual(first, second);
      assert.notDeepEqual(second, third);
      assert.deepEqual(sequence(1), [first, second, third]);
      assert.notDeepEqual(sequence(2)[0], first);
    });

    it('gives neighbours, rows and calls independent fates', async () => {
      await enter(mode);
      const layer = new Dropout({ rate: 0.5, seed: 4 });
      const [a, b] = masks(layer, [64, 256], 2) as [Float32Array, Float32Array];
      layer.dispose();
      const correlation = (x: Float32Array, y: Float32Array) =>
        x.reduce((sum, v, i) => sum + (v - 1) * ((y[i] ?? 1) - 1), 0) / x.length;
      const limit = 5 / Math.sqrt(a.length);
      for (const shift of [1, 2, 4, 8, 256])
        assert.ok(Math.abs(correlation(a, a.subarray(shift))) < limit, `${shift}`);
      assert.ok(Math.abs(correlation(a, b)) < limit, 'calls');
    });

    it('shares fates as noiseShape says', async () => {
      await enter(mode);
      const layer = new Dropout({ rate: 0.5, seed: 4, noiseShape: [null, 1, 3] });
      const [mask] = masks(layer, [20, 4, 3], 1);
      layer.dispose();
      const of = (row: number, at: number, channel: number) => mask![(row * 4 + at) * 3 + channel];
      for (let row = 0; row < 20; row++) {
        for (let channel = 0; channel < 3; channel++) {
          for (let at = 1; at < 4; at++) assert.equal(of(row, at, channel), of(row, 0, channel));
        }
      }
      assert.equal(new Set(mask).size, 2);
    });
  });
}

describe('dropout on libtensorflow', () => {
  it('draws the same eagerly and traced', async () => {
    await enter(MODES[0]!);
    const [eager, traced] = MODES.slice(0, 2).map((mode) => {
      const layer = new Dropout({ rate: 0.3, seed: 9 });
      const run = mode.compile((x: tf.Tensor) => layer.apply(x, { training: true }));
      const result = [0, 1].map(() => tf.tidy(() => run(tf.ones([7, 9])).dataSync()));
      run.dispose();
      layer.dispose();
      return result;
    });
    assert.deepEqual(traced, eager);
  });
});
